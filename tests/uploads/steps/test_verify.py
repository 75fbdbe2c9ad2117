"""Reading back what was sent while somebody else writes: lost is not the same as another's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataProductRecord, DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps import verify
from apps.uploads.steps.context import StepContext
from tests.deletions.test_deletions import put
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import DAY, stored


@pytest.fixture(autouse=True)
def _short(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1
    settings.UPLOAD_VERIFY_SECONDS = 0.2


@contextmanager
def before_the_first_look(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> Iterator[None]:
    """Somebody writes when all is sent and nothing is read back yet."""
    look, done = verify._all_verified, list[bool]()

    def late(context: StepContext, held: Callable[[], int]) -> bool:
        if not done:
            done.append(True)
            act()
        return look(context, held)

    with monkeypatch.context() as patched:
        patched.setattr(verify, "_all_verified", late)
        yield


def test_a_third_value_is_somebody_else_s_and_stays(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(4))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new") for row in minutes(8))))
    with before_the_first_look(monkeypatch, lambda: put(aurorax, source, range(3, 6), note="theirs")):
        page = act(as_owner, upload, "send")
    theirs = [f"2020-01-01T00:{n:02}:00" for n in (3, 4, 5)]
    assert (upload.sent, upload.verified, upload.resent, upload.report.left_to_others) == (8, 5, 0, 3)
    assert (upload.is_verified, upload.missing) == (False, 0)
    assert "Done, not complete" in page
    assert "3 have another value than was sent and than was there before" in page
    assert all(key in page for key in theirs)
    assert list(stored(aurorax, source).values()).count(None) == 3

    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert (receipt["verified"], receipt["records"]["left_to_others"]) == (False, 3)
    assert receipt["left_to_others"] == theirs
    printed = as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    assert all(key in printed for key in theirs)
    assert "3 left to somebody else" in Event.objects.latest("at").summary


def test_what_still_has_its_old_value_was_lost_and_is_sent_again(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, aurorax: AuroraX, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(9))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new") for row in minutes(9))))
    with portal.switched(lose_every=4):
        act(as_owner, upload, "send")
    assert upload.resent >= 2
    assert upload.is_verified
    assert stored(aurorax, source) == {f"00:{n:02}": f"new {n}" for n in range(9)}


def test_lost_and_another_s_at_once_are_told_apart(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = upload_file(csv_of(*minutes(8)))

    def meddle() -> None:
        put(aurorax, source, range(1, 2), note="theirs")
        aurorax.ephemeris.delete(source, DAY.replace(minute=2), DAY.replace(minute=3))

    with before_the_first_look(monkeypatch, meddle):
        act(as_owner, upload, "send")
    assert (upload.resent, upload.verified, upload.report.left_to_others, upload.missing) == (2, 7, 1, 0)
    states = stored(aurorax, source)
    assert (states["00:01"], states["00:02"], states["00:03"]) == (None, "state 2", "state 3")


def test_a_data_product_that_somebody_moved_to_another_year_is_theirs(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header = "data_product_type,start,end,url"
    rows = [f"movie,2020-01-01T0{n}:00:00,2020-01-01T0{n}:30:00,{n}.mp4" for n in range(3)]
    upload = upload_file(csv_of(*rows, header=header), kind="products")
    moved = DataProductRecord("movie", DAY.replace(year=2021), DAY.replace(year=2021, hour=1), "1.mp4")

    with before_the_first_look(
        monkeypatch, lambda: aurorax.products.upload(source.identifier, [moved], source=source)
    ):
        act(as_owner, upload, "send")
    assert (upload.verified, upload.resent, upload.report.others_listed) == (2, 0, ["1.mp4"])
    years = {
        each.url: each.start.year for each in aurorax.products.search(source, DAY, DAY.replace(year=2022))
    }
    assert years == {"0.mp4": 2020, "1.mp4": 2021, "2.mp4": 2020}


def test_a_value_of_long_ago_that_gives_way_to_ours_is_no_somebody_else_s(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """AuroraX takes records in one after the other: what comes between may be seen for a moment."""
    upload = upload_file(csv_of(*minutes(3)))
    send, calls = verify._send_lost, list[int]()

    def theirs_then_ours(context: StepContext) -> bool:
        found = send(context)
        calls.append(context.upload.report.left_to_others)
        rows = [record for record in context.upload.report.first_records if record["epoch"].endswith("01:00")]
        aurorax.ephemeris.upload(source.identifier, msgspec.json.encode([source.key | row for row in rows]))
        return True if len(calls) == 1 else found

    monkeypatch.setattr(verify, "_send_lost", theirs_then_ours)
    with before_the_first_look(monkeypatch, lambda: put(aurorax, source, range(1, 2), note="theirs")):
        act(as_owner, upload, "send")
    assert calls == [1]
    assert (upload.state, upload.is_verified, upload.report.left_to_others) == (State.DONE, True, 0)


def test_undoing_what_was_partly_left_to_somebody_else_leaves_theirs_alone(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload: Upload = upload_file(csv_of(*minutes(6)))
    with before_the_first_look(monkeypatch, lambda: put(aurorax, source, range(2, 3), note="theirs")):
        act(as_owner, upload, "send")
    act(as_owner, upload, "undo")
    assert (upload.undo["gone"], upload.undo["listed"]) == (5, ["2020-01-01T00:02:00"])
    assert list(stored(aurorax, source)) == ["00:02"]
