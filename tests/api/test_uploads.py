"""What people do with uploads on the pages, by a program."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Credential
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess
from tests.support.tokens import MakeToken, Program
from tests.support.uploads import UploadFile, csv_of, minutes


def test_a_file_is_checked_sent_and_read_back(program: Program, source: DataSource) -> None:
    upload = program.bring(source.identifier, csv_of(*minutes(3)))
    assert (upload["outcome"], upload["records"]["new"]) == ("ready", 3)
    done = program.push(source.identifier, csv_of(*minutes(3)))
    assert done["id"] == upload["id"]  # the same file that is not over is the same upload
    assert (done["outcome"], done["title"], done["records"]["verified"]) == ("verified", "Verified", 3)


def test_what_is_there_already_is_not_sent_again(program: Program, source: DataSource) -> None:
    first = program.push(source.identifier, csv_of(*minutes(3)))
    again = program.push(source.identifier, csv_of(*minutes(3)))
    assert again["id"] != first["id"]
    assert (again["outcome"], again["records"]["identical"]) == ("nothing-to-send", 3)


def test_the_receipt_is_the_one_of_the_page(program: Program, as_owner: Client, source: DataSource) -> None:
    upload = program.push(source.identifier, csv_of(*minutes(3)))
    told = program.get(f"uploads/{upload['id']}/receipt").json()
    assert told == as_owner.get(reverse("upload-receipt", args=[upload["id"]])).json()
    assert told["verified"] is True


def test_findings_are_those_of_the_page(program: Program, source: DataSource) -> None:
    upload = program.bring(source.identifier, csv_of(*minutes(2), "never,1,2,x"))
    (found,) = program.get(f"uploads/{upload['id']}/findings").json()["findings"]
    assert (found["severity"], found["column"], found["count"]) == ("problem", "epoch", 1)
    assert found["examples"] == [{"place": "line 4", "value": "never"}]
    listed = b"".join(program.get(f"uploads/{upload['id']}/problems.csv"))
    assert b"never" in listed


def test_what_was_changed_is_put_back(program: Program, source: DataSource, aurorax: AuroraX) -> None:
    upload = program.push(source.identifier, csv_of(*minutes(3)))
    assert program.post(f"uploads/{upload['id']}/undo").status_code == 202
    assert program.get(f"uploads/{upload['id']}").json()["outcome"] == "undone"
    stats = aurorax.sources.get(source.identifier, include_stats=True).stats
    assert stats is not None
    assert stats.ephemeris_count == 0


def test_a_column_nobody_knows_is_a_question_with_the_page_to_answer_it_on_once(
    program: Program, as_owner: Client, source: DataSource
) -> None:
    week = csv_of("2020-01-01T00:00:00,51.05,-114.07", header="epoch,lat,strange")
    upload = program.bring(source.identifier, week)
    (finding,) = program.get(f"uploads/{upload['id']}/findings").json()["findings"]
    assert upload["outcome"] == "question"
    assert (finding["rule"], finding["column"]) == ("unknown-column", "strange")
    page = upload["page"].removeprefix("http://testserver")
    assert as_owner.get(page).status_code == 200
    answers = {"column-0": "epoch", "column-1": "location_geo.lat", "column-2": "location_geo.lon"}
    as_owner.post(f"{page}read/", answers)
    as_owner.post(f"{page}send/")
    again = csv_of("2020-01-02T00:00:00,51.05,-114.07", header="epoch,lat,strange")
    assert program.push(source.identifier, again)["outcome"] == "verified"


def test_rows_with_problems_send_nothing_where_it_is_all_or_nothing(
    program: Program, source: DataSource
) -> None:
    content = csv_of(*minutes(2), "never,1,2,x")
    upload = program.bring(source.identifier, content, only_if_all_valid=True)
    assert upload["outcome"] == "blocked"
    assert "you chose to send nothing" in upload["why_not_send"]
    refused = program.post(f"uploads/{upload['id']}/send")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "upload")


def test_an_upload_that_is_cancelled_sends_nothing(program: Program, source: DataSource) -> None:
    upload = program.bring(source.identifier, csv_of(*minutes(2)))
    assert program.post(f"uploads/{upload['id']}/cancel").json()["outcome"] == "cancelled"
    assert program.post(f"uploads/{upload['id']}/send").status_code == 409


def test_uploads_are_listed_newest_first_and_narrowed(
    program: Program, source: DataSource, as_owner: Client, upload_file: UploadFile
) -> None:
    of_browser = upload_file(csv_of(*minutes(1)))
    upload = program.bring(source.identifier, csv_of(*minutes(2)))
    listed = program.get("uploads").json()["uploads"]
    assert [each["id"] for each in listed] == [upload["id"], str(of_browser.pk)]
    same = program.get("uploads", sha256=upload["file"]["sha256"], source=source.identifier, limit=5)
    assert [each["id"] for each in same.json()["uploads"]] == [upload["id"]]
    assert program.get("uploads", source=1).json() == {"uploads": []}


@pytest.mark.parametrize("query", [{"limit": "101"}, {"limit": "many"}, {"source": "-1"}])
def test_a_list_that_cannot_be_meant_is_a_problem(program: Program, query: dict[str, str]) -> None:
    assert program.get("uploads", **query).status_code == 422


def test_what_works_under_a_token_goes_on_after_every_browser_is_signed_out(
    program: Program, source: DataSource, as_owner: Client, portal: SandboxProcess
) -> None:
    upload = program.bring(source.identifier, csv_of(*minutes(2)))
    as_owner.post(reverse("sign-out-everywhere"))
    assert not Credential.objects.live().of_browsers().exists()
    assert program.push(source.identifier, csv_of(*minutes(2)))["id"] == upload["id"]
    assert Upload.objects.get().state == State.DONE


def test_what_a_browser_has_begun_does_not_go_on_under_the_key_of_a_token(
    make_token: MakeToken, as_owner: Client, upload_file: UploadFile, portal: SandboxProcess
) -> None:
    make_token()
    upload = upload_file(csv_of(*minutes(2)))
    Credential.objects.of_browsers().filter(user=upload.owner).first()
    with portal.switched(maintenance=True):
        as_owner.post(reverse("upload-send", args=[upload.pk]))
    as_owner.post(reverse("sign-out-everywhere"))
    upload.refresh_from_db()
    upload.resume()
    from apps.uploads.tasks import work_on  # noqa: PLC0415

    work_on.call(str(upload.pk))
    upload.refresh_from_db()
    assert (upload.state, upload.pause_reason) == (State.PAUSED, "sign-in")


def test_activity_says_by_which_token_it_was(program: Program, source: DataSource) -> None:
    program.push(source.identifier, csv_of(*minutes(2)))
    event = Event.objects.first()
    assert event is not None
    assert event.actor == "owner@example.org"
    assert event.summary.endswith("(with the token “a test”)")


def test_an_aurorax_that_is_away_is_a_problem_that_says_to_try_again(
    program: Program, source: DataSource, portal: SandboxProcess
) -> None:
    with portal.switched(drop_before=1):
        answer = program.post(
            f"sources/{source.identifier}/files", {"name": "a", "size": 1, "sha256": "0" * 64}
        )
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "application/problem+json")
    assert answer.headers["Retry-After"]


def test_an_upload_of_somebody_else_is_not_there(
    program: Program, source: DataSource, make_token: MakeToken, sign_in: SignIn
) -> None:
    upload = program.bring(source.identifier, csv_of(*minutes(2)))
    for who in ("admin", "maintainer"):
        other = Program(make_token(who)[1])
        assert other.get(f"uploads/{upload['id']}").status_code == 404
        assert other.post(f"uploads/{upload['id']}/undo").status_code == 404
