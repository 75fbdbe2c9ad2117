"""Owner and maintainers of a data source see each other's uploads to it, and finish or undo them as the matrix lets them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.jobs.models import PauseReason
from apps.permissions import Action, Role
from apps.permissions.matrix import MATRIX, Relation
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource, SignIn
from tests.support.uploads import UploadFile, act, csv_of, minutes


@pytest.fixture
def sent(upload_file: UploadFile, as_owner: Client) -> Upload:
    """An upload of the owner's, sent and verified."""
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    assert upload.state == State.DONE
    return upload


def paused(upload: Upload) -> Upload:
    """As if its sender had stopped it while it was being sent."""
    Upload.objects.filter(pk=upload.pk).update(
        state=State.PAUSED, pause_reason=PauseReason.YOU, resumes_at=State.SENDING, ended_at=None
    )
    upload.refresh_from_db()
    return upload


def listed(client: Client, **query: str) -> str:
    return client.get(reverse("upload-list"), query).content.decode()


def test_a_maintainer_sees_what_others_upload_to_their_sources(
    upload_file: UploadFile, as_maintainer: Client, new_source: NewSource, as_owner: Client
) -> None:
    here = upload_file(csv_of(*minutes(1)), name="here.csv")
    elsewhere = new_source()
    rows = {"text": csv_of(*minutes(1)).decode()}
    as_owner.post(reverse("ephemeris-upload", args=[elsewhere.identifier]), rows)
    html = listed(as_maintainer)
    assert "here.csv" in html
    assert "owner@example.org" in html
    assert elsewhere.display_name not in html
    assert "here.csv" not in listed(as_maintainer, whose="mine")
    assert as_maintainer.get(reverse("upload-detail", args=[here.pk])).status_code == 200


def test_the_owner_sees_what_a_maintainer_uploads(
    upload_file: UploadFile, as_maintainer: Client, as_owner: Client, as_owner2: Client
) -> None:
    upload_file(csv_of(*minutes(1)), client=as_maintainer, name="of-a-student.csv")
    assert "of-a-student.csv" in listed(as_owner)
    assert "of-a-student.csv" not in listed(as_owner2)


def test_a_maintainer_undoes_what_the_owner_has_sent_and_is_named(
    sent: Upload, as_maintainer: Client, aurorax: AuroraX, source: DataSource
) -> None:
    assert (
        reverse("upload-undo", args=[sent.pk])
        in as_maintainer.get(reverse("upload-detail", args=[sent.pk])).content.decode()
    )
    act(as_maintainer, sent, "undo")
    assert sent.state == State.UNDONE
    event = Event.objects.latest("at")
    assert (event.actor, event.made_by) == ("maintainer@example.org", "owner@example.org")


@pytest.mark.parametrize("person", ["maintainer", "admin"])
def test_what_has_begun_to_be_sent_is_finished_by_another(sent: Upload, sign_in: SignIn, person: str) -> None:
    html = act(sign_in(person), paused(sent), "resume")
    assert sent.state == State.DONE
    assert "Verified" in html


def test_what_has_not_begun_is_its_senders_to_decide(upload_file: UploadFile, as_maintainer: Client) -> None:
    upload = upload_file(csv_of(*minutes(1)))
    for verb in ("send", "cancel", "undo"):
        assert as_maintainer.post(reverse(f"upload-{verb}", args=[upload.pk])).status_code == 403
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


def test_who_is_no_maintainer_any_more_sees_and_decides_nothing(
    sent: Upload, as_maintainer: Client, aurorax: AuroraX, source: DataSource
) -> None:
    aurorax.sources.update(source.identifier, {"maintainers": []})
    assert sent.name not in listed(as_maintainer)
    assert as_maintainer.get(reverse("upload-detail", args=[sent.pk])).status_code == 403
    assert as_maintainer.post(reverse("upload-undo", args=[sent.pk])).status_code == 403


def test_the_matrix_alone_decides(
    sent: Upload, as_maintainer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were maintainers not allowed to delete, they could finish an upload and not undo it."""
    only_others = {
        role: where for role, where in MATRIX[Action.EPHEMERIS_DELETE].items() if role != Role.MAINTAINER
    }
    monkeypatch.setitem(MATRIX, Action.EPHEMERIS_DELETE, only_others)
    assert as_maintainer.post(reverse("upload-undo", args=[sent.pk])).status_code == 403
    act(as_maintainer, paused(sent), "resume")
    assert sent.state == State.DONE
    monkeypatch.setitem(MATRIX, Action.EPHEMERIS_CREATE, {Role.ADMINISTRATOR: Relation.ANY})
    assert as_maintainer.post(reverse("upload-cancel", args=[sent.pk])).status_code == 403


def test_an_address_that_is_only_stated_opens_nothing(
    sent: Upload, client: Client, settings: Settings
) -> None:
    posted = {"email": "owner@example.org", "api_key": "sandbox-key-maintainer"}
    client.post(f"{reverse('sign-in')}?with=key", posted)
    assert sent.name not in listed(client)
    assert client.post(reverse("upload-undo", args=[sent.pk])).status_code == 403


def test_somebody_who_signed_in_long_ago_says_first_who_they_are(sent: Upload, as_maintainer: Client) -> None:
    credential = User.objects.get(email="maintainer@example.org").credentials.get()
    credential.proved_at -= timedelta(minutes=6)
    credential.save(update_fields=["proved_at"])
    answer = as_maintainer.post(reverse("upload-undo", args=[sent.pk]))
    assert answer.status_code == 401
    assert "confirm who you are before you decide" in answer.content.decode()
