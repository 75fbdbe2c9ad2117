"""Questions about a file as a whole: asked once, answered by a person, remembered with the header."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from apps.ephemeris.validators import EphemerisBatchValidator
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation.questions import Question
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.any_database

SECONDS = Question(
    "seconds:epoch",
    "1 of 2 times end on the 59th second. Which minute is meant?",
    {"nearest": "The nearest minute", "written": "The minute as it is written"},
    ("2020-01-01T00:00:59",),
    "nearest",
)


@pytest.fixture(autouse=True)
def _asks(monkeypatch: pytest.MonkeyPatch, read_in_this_process: None) -> None:
    def questions(check: EphemerisBatchValidator) -> Sequence[Question]:
        return [SECONDS]

    monkeypatch.setattr(EphemerisBatchValidator, "questions", questions)


def answer(client: Client, upload: Upload, chosen: str) -> str:
    columns = {f"column-{place}": name for place, (_, name) in enumerate(upload.columns)}
    columns["column-3"] = "(metadata)"
    page = client.post(
        reverse("upload-read", args=[upload.pk]), columns | {"question-0": chosen}, follow=True
    )
    upload.refresh_from_db()
    return page.content.decode()


def test_nothing_is_sent_before_the_question_is_answered(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    assert upload.state == State.NEEDS_COLUMNS
    page = act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    assert SECONDS.text in page
    assert SECONDS.samples[0] in page
    assert "Nothing is sent before you have answered" in page


def test_an_answer_is_kept_and_can_be_changed(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    page = answer(as_owner, upload, "written")
    assert upload.state == State.CHECKED, upload.message
    assert upload.chosen_dialect["answers"] == {"seconds:epoch": "written"}
    assert SECONDS.text in page
    answer(as_owner, upload, "nearest")
    assert upload.chosen_dialect["answers"] == {"seconds:epoch": "nearest"}


def test_an_answer_that_is_no_choice_is_refused(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    page = answer(as_owner, upload, "neither")
    assert upload.state == State.NEEDS_COLUMNS
    assert "neither" in page


def test_an_answer_is_remembered_for_the_next_file_with_the_same_header(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    answer(as_owner, upload, "written")
    act(as_owner, upload, "send")
    following = upload_file(csv_of(*minutes(3)))
    assert following.state == State.CHECKED
    assert following.chosen_dialect["answers"] == {"seconds:epoch": "written"}
