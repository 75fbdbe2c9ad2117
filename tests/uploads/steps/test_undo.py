"""Undoing an upload: as if it had not been, except for what others have done since."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.ephemeris.record_type import EphemerisType
from apps.jobs import leases
from apps.jobs.recovery import recover_all
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps.verify import RESENDS
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import DAY, refuse, stored


@pytest.fixture(autouse=True)
def _small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4


def test_changed_records_get_their_old_values_and_created_ones_go(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(6))), "send")
    before = stored(aurorax, source)
    upload = upload_file(csv_of(*(row.replace("state", "new state") for row in minutes(12)[3:])))
    act(as_owner, upload, "send")
    assert len(stored(aurorax, source)) == 12
    confirm = as_owner.get(reverse("upload-undo", args=[upload.pk])).content.decode()
    assert "deletes those that were new: 6;" in confirm
    assert "their old values again: 3;" in confirm
    page = act(as_owner, upload, "undo")
    assert upload.state == State.UNDONE
    assert (upload.undo["restored"], upload.undo["gone"], upload.undo["left_alone"]) == (3, 6, 0)
    assert "3 records have their old values again, 6 are gone." in page
    assert stored(aurorax, source) == before
    event = Event.objects.get(action="ephemeris.delete")
    assert event.summary.startswith("Undid the upload of “day.csv”")


def test_what_somebody_has_changed_or_deleted_since_is_left_alone_and_listed(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new state") for row in minutes(8))))
    act(as_owner, upload, "send")
    theirs = [minutes(8)[n].replace("state", "theirs") for n in (1, 5)]
    act(as_owner, upload_file(csv_of(*theirs)), "send")
    page = act(as_owner, upload, "undo")
    assert upload.undo["listed"] == ["2020-01-01T00:01:00", "2020-01-01T00:05:00"]
    assert "2 records had been changed by somebody since" in page
    assert "Left alone, because somebody has changed them since" in page
    assert stored(aurorax, source) == {
        "00:00": "state 0", "00:01": "theirs 1", "00:02": "state 2", "00:05": "theirs 5",
    }  # fmt: skip


def test_a_deleted_range_never_covers_a_record_of_somebody_else(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    aurorax: AuroraX,
    source: DataSource,
) -> None:
    act(as_owner, upload_file(csv_of(minutes(9)[4])), "send")
    upload = upload_file(csv_of(*minutes(4), *minutes(9)[5:]))
    act(as_owner, upload, "send")
    ranges, delete = list[tuple[str, str]](), EphemerisType.delete

    def spy(kind: EphemerisType, client: AuroraX, source: DataSource, runs: list[list[str]]) -> None:
        ranges.extend((run[0][11:16], run[-1][11:16]) for run in runs)
        delete(kind, client, source, runs)

    monkeypatch.setattr(EphemerisType, "delete", spy)
    act(as_owner, upload, "undo")
    assert ranges == [("00:00", "00:03"), ("00:05", "00:08")]
    assert stored(aurorax, source) == {"00:04": "state 4"}


def test_a_year_is_looked_at_once_and_read_back_once_and_deleted_month_by_month(
    as_owner: Client, upload_file: UploadFile, sent: Sent, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 500
    days = [f"{DAY + timedelta(days=n):%Y-%m-%dT%H:%M:%S},51,-114,a" for n in range(366)]
    upload = upload_file(csv_of(*days))
    act(as_owner, upload, "send")
    del sent[:]
    act(as_owner, upload, "undo")
    assert (upload.state, upload.undo["gone"], upload.undo["not_done"]) == (State.UNDONE, 366, 0)
    assert len([line for line in sent if "/ephemeris/search" in line]) == 12 + 1 + 12, (
        "The last of all first."
    )
    assert len([line for line in sent if line.startswith("DELETE")]) == 12


def test_old_values_are_put_back_as_many_at_a_time_as_are_uploaded(
    as_owner: Client, upload_file: UploadFile, sent: Sent, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 10
    act(as_owner, upload_file(csv_of(*minutes(24))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new") for row in minutes(24))))
    act(as_owner, upload, "send")
    del sent[:]
    act(as_owner, upload, "undo")
    assert upload.undo["restored"] == 24
    assert len(sent.writes) == 3


def test_data_products_are_undone_by_their_urls(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    header = "data_product_type,start,end,url"
    rows = [f"movie,2020-01-01T0{n}:00:00,2020-01-01T0{n}:30:00,{n}.mp4" for n in range(5)]
    act(as_owner, upload_file(csv_of(*rows[:2], header=header), kind="products"), "send")
    changed = [rows[0].replace("movie", "keogram"), *rows[2:]]
    upload = upload_file(csv_of(*changed, header=header), kind="products")
    act(as_owner, upload, "send")
    act(as_owner, upload, "undo")
    assert (upload.undo["restored"], upload.undo["gone"]) == (1, 3)
    found = aurorax.products.search(source, DAY, DAY + timedelta(days=1))
    assert [(record.url, record.data_product_type) for record in found] == [
        ("0.mp4", "movie"),
        ("1.mp4", "movie"),
    ]


def test_what_was_sent_before_a_cancellation_can_be_undone(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_CONNECTIONS = 1
    upload = upload_file(csv_of(*minutes(8)))
    act(as_owner, upload, "send")
    Upload.objects.update(state=State.CANCELLED)
    act(as_owner, upload, "undo")
    assert stored(aurorax, source) == {}


def test_undoing_that_is_broken_off_goes_on_from_what_aurorax_holds(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    aurorax: AuroraX,
    source: DataSource,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new state") for row in minutes(6))))
    act(as_owner, upload, "send")

    def fail(*args: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr(EphemerisType, "delete", fail)
        assert "a fault of the portal" in act(as_owner, upload, "undo")
    assert (upload.state, upload.resumes_at) == (State.PAUSED, State.UNDOING)
    act(as_owner, upload, "resume")
    assert (upload.state, upload.undo["restored"], upload.undo["gone"]) == (State.UNDONE, 3, 3)
    assert stored(aurorax, source) == {f"00:0{n}": f"state {n}" for n in range(3)}


def test_what_aurorax_does_not_carry_out_is_said(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    settings.UPLOAD_VERIFY_SECONDS = 0.05
    monkeypatch.setattr(EphemerisType, "delete", lambda *args: None)
    page = act(as_owner, upload, "undo")
    assert upload.undo["not_done"] == 3
    assert "Undone, not complete" in page


def test_undoing_needs_the_right_to_delete_and_something_to_undo(
    as_owner: Client, as_owner2: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    assert "there is nothing to undo" in act(as_owner, upload, "undo")
    act(as_owner, upload, "send")
    assert as_owner2.post(reverse("upload-undo", args=[upload.pk])).status_code == 403
    upload.refresh_from_db()
    assert upload.state == State.DONE


def test_it_waits_for_aurorax_without_holding_a_worker(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    aurorax: AuroraX,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = upload_file(csv_of(*minutes(6)))
    act(as_owner, upload, "send")
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    monkeypatch.setattr(leases, "FIRST_PAUSE", 60.0)
    with portal.switched(ingest_delay=600):
        act(as_owner, upload, "undo")
        assert (upload.state, upload.lease_until) == (State.UNDOING, None)
        receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
        assert receipt["undo"] is None
        assert recover_all() == 0  # not yet
        portal.ingest()
    Upload.objects.update(retry_at=timezone.now())
    assert recover_all() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.undo["gone"], upload.undo["not_done"]) == (State.UNDONE, 6, 0)
    assert "attempt" not in upload.undo
    assert stored(aurorax, source) == {}


def test_aurorax_is_asked_again_by_another_worker_and_no_more_often_than_by_one(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    asked = list[object]()
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    monkeypatch.setattr(EphemerisType, "delete", lambda *args: asked.append(args))
    act(as_owner, upload, "undo")
    for times in range(1, RESENDS + 2):
        assert (upload.state, len(asked)) == (State.UNDOING, times)
        attempt = upload.undo["attempt"]
        attempt["at"] = (timezone.now() - timedelta(hours=1)).isoformat()
        upload.update_fields(undo={"attempt": attempt}, retry_at=timezone.now())
        assert recover_all() == 1
        upload.refresh_from_db()
    assert (upload.state, len(asked), upload.undo["not_done"]) == (State.UNDONE, RESENDS + 1, 3)


def test_what_aurorax_refuses_is_still_known_to_the_next_worker(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(4))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new state") for row in minutes(6))))
    act(as_owner, upload, "send")
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    refuse(monkeypatch, "00:02")
    with portal.switched(ingest_delay=600):
        act(as_owner, upload, "undo")
        assert upload.state == State.UNDOING
        portal.ingest()
    Upload.objects.update(retry_at=timezone.now())
    assert recover_all() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.undo["restored"], upload.undo["gone"]) == (State.UNDONE, 3, 2)
    assert [key for key, _ in upload.undo["refused_listed"]] == ["2020-01-01T00:02:00"]
