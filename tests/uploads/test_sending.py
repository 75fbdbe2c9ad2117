"""From "Send" to "Verified", on good days and bad ones."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Credential
from apps.activity.models import Event, Snapshot
from apps.activity.snapshots import records_of
from apps.aurorax import AuroraX, DataSource, errors
from apps.ephemeris.record_type import EphemerisType
from apps.jobs import leases
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from apps.uploads import chunks, page
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import packing, read_back, send, verify
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes

DAY = datetime(2020, 1, 1, tzinfo=UTC)
UPLOADS = "POST /api/v1/data_sources/*/ephemeris"


@pytest.fixture(autouse=True)
def _small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1  # one request after the other: tests tell their order


def stored(aurorax: AuroraX, source: DataSource) -> dict[str, object]:
    """The states in AuroraX, by minute."""
    found = aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))
    return {f"{record.epoch:%H:%M}": (record.metadata or {}).get("state") for record in found}


def test_a_day_is_sent_verified_and_read_back(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    upload = upload_file(csv_of(*minutes(10)))
    page = act(as_owner, upload, "send")
    assert "Verified" in page
    assert "Read back from AuroraX" in page
    assert "hx-trigger" not in page
    assert (upload.state, upload.sent, upload.verified, upload.new) == (State.DONE, 10, 10, 10)
    assert [(chunk.count, chunk.state, chunk.attempts) for chunk in upload.chunks.all()] == [
        (4, ChunkState.VERIFIED, 1), (4, ChunkState.VERIFIED, 1), (2, ChunkState.VERIFIED, 1),
    ]  # fmt: skip
    assert stored(aurorax, source) == {f"00:{n:02}": f"state {n}" for n in range(10)}


def test_the_receipt_and_the_activity_tell_the_same(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert receipt["verified"] is True
    assert receipt["records"]["verified"] == 3
    assert (receipt["first"], receipt["last"]) == ("2020-01-01T00:00:00", "2020-01-01T00:02:00")
    event = Event.objects.get(action="ephemeris.create")
    assert event.after == receipt | {"state": "done"}
    assert (event.actor, event.snapshot, event.outcome) == ("owner@example.org", upload.snapshot, "done")


def test_what_is_replaced_is_kept_and_counted(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(4))), "send")
    changed = upload_file(
        csv_of(*minutes(2), "2020-01-01T00:02:00,51.05,-114.07,mended", "2020-01-01T00:09:00,,,")
    )
    act(as_owner, changed, "send")
    assert (changed.new, changed.changed, changed.identical, changed.verified) == (1, 1, 2, 2)
    kept = list(records_of(Snapshot.objects.get(pk=str(changed.snapshot))))
    assert [record["metadata"]["state"] for record in kept] == ["state 2"]
    assert kept[0]["program"] == source.program
    assert stored(aurorax, source)["00:02"] == "mended"


def test_data_products_go_the_same_way(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    header = "data_product_type,start,end,url,metadata.example_meta1"
    rows = [f"keogram,2020-01-0{n}T00:00:00,2020-01-0{n}T23:59:59,example{n}.jpg,example{n}" for n in (1, 2)]
    upload = upload_file(csv_of(*rows, header=header), kind="products")
    assert "Verified" in act(as_owner, upload, "send")
    elsewhere = upload_file(
        csv_of("keogram,2021-01-01T00:00:00,2021-01-01T01:00:00,example1.jpg,", header=header),
        kind="products",
    )
    act(as_owner, elsewhere, "send")
    assert (elsewhere.changed, elsewhere.verified) == (1, 1)
    found = aurorax.products.search(source, DAY, DAY + timedelta(days=800))
    assert [record.url for record in found] == ["example2.jpg", "example1.jpg"]


def test_lost_records_are_found_and_sent_again(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    settings: Settings,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    settings.UPLOAD_VERIFY_SECONDS = 0.2
    upload = upload_file(csv_of(*minutes(20)))
    with portal.switched(lose_every=7):
        page = act(as_owner, upload, "send")
    assert upload.resent >= 2
    assert upload.verified == 20, page
    assert len(stored(aurorax, source)) == 20


def test_records_that_never_arrive_are_said_to_be_missing(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, settings: Settings
) -> None:
    settings.UPLOAD_VERIFY_SECONDS = 0.2
    upload = upload_file(csv_of(*minutes(5)))
    with portal.switched(lose_every=1):
        page = act(as_owner, upload, "send")
    assert (upload.state, upload.missing, upload.is_verified) == (State.DONE, 5, False)
    assert "5 were accepted but are not there" in page
    assert "Done, not complete" in page


def refuse(monkeypatch: pytest.MonkeyPatch, *epochs: str) -> list[list[str]]:
    """AuroraX refuses every request with one of these minutes in it; answers the list of requests to come."""
    requests, send = list[list[str]](), EphemerisType.upload

    def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        requests.append([record["epoch"][11:16] for record in json.loads(body)])
        if set(requests[-1]) & set(epochs):
            raise errors.InvalidRequest("AuroraX says: bad trace.", status=400)
        send(kind, client, source, body)

    monkeypatch.setattr(EphemerisType, "upload", upload)
    return requests


def test_rows_in_any_order_are_sent_by_time_and_shown_as_the_file_has_them(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(minutes(12))
    wrong = "2020-01-01T00:99:00,51.05,-114.07,wrong"
    shuffled = [rows[11], wrong, *rows[6:9], *rows[:3], *rows[9:11], *rows[3:6]]
    upload, requests = upload_file(csv_of(*shuffled)), refuse(monkeypatch)
    act(as_owner, upload, "send")
    assert requests == [[f"00:{n:02}" for n in range(at, at + 4)] for at in (0, 4, 8)]
    assert [record["epoch"][14:16] for record in upload.report.first_records][:4] == ["11", "06", "07", "08"]
    assert [example["line"] for example in upload.problems.get(severity="problem").examples] == [3]


def test_only_the_records_aurorax_refuses_stay_behind(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(csv_of(*minutes(40)))
    with portal.switched(reject_every=10):
        page = act(as_owner, upload, "send")
    refused = upload.chunks.filter(state=ChunkState.REFUSED)
    keys = {chunk.key[11:16] for chunk in refused}
    assert upload.refused == len(keys) == refused.count() > 0
    assert {*stored(aurorax, source)} | keys == {f"00:{n:02}" for n in range(40)}
    assert not {*stored(aurorax, source)} & keys
    assert upload.verified == 40 - len(keys) > 0
    assert "Done, not complete" in page
    assert all(chunk.key in page for chunk in refused)


def test_a_refused_chunk_is_halved_until_the_bad_record_stands_alone(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, requests = upload_file(csv_of(*minutes(8))), refuse(monkeypatch, "00:02")
    page = act(as_owner, upload, "send")
    assert requests == [
        ["00:00", "00:01", "00:02", "00:03"],
        ["00:00", "00:01"],
        ["00:02", "00:03"],
        ["00:02"],
        ["00:03"],
        ["00:04", "00:05", "00:06", "00:07"],
    ]
    refused = upload.chunks.get(state=ChunkState.REFUSED)
    assert (refused.key, refused.answer) == ("2020-01-01T00:02:00", "AuroraX says: bad trace.")
    assert (upload.sent, upload.refused, upload.verified) == (7, 1, 7)
    assert "2020-01-01T00:02:00" in page
    assert "AuroraX says: bad trace." in page
    assert "not listed" not in page


def test_a_refused_data_product_is_listed_by_its_url(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess
) -> None:
    row = "keogram,2020-01-01T00:00:00,2020-01-01T23:59:59,example.jpg"
    upload = upload_file(csv_of(row, header="data_product_type,start,end,url"), kind="products")
    with portal.switched(reject_every=1):
        page = act(as_owner, upload, "send")
    assert upload.chunks.get().key == "example.jpg"
    assert "example.jpg" in page


def test_an_aurorax_that_refuses_everything_is_not_asked_for_every_record(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "ALONE", 1)
    monkeypatch.setattr(page, "REFUSALS", 3)
    upload = upload_file(csv_of(*minutes(8)))
    requests = refuse(monkeypatch, *(f"00:{n:02}" for n in range(8)))
    answer = act(as_owner, upload, "send")
    assert [len(request) for request in requests] == [4, 2, 1, 1, 2, 4]
    assert (upload.refused, upload.sent, upload.verified) == (8, 0, 0)
    assert "4 more records were refused and are not listed." in answer


def test_a_worker_killed_while_halving_loses_and_doubles_nothing(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(8)))
    requests, post = refuse(monkeypatch, "00:02"), EphemerisType.upload

    def die_at_the_third(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        if len(requests) == 2:
            raise Killed
        post(kind, client, source, body)

    with monkeypatch.context() as dying:
        dying.setattr(EphemerisType, "upload", die_at_the_third)
        dying.setattr(leases.Lease, "give_back", lambda lease: None)
        act(as_owner, upload, "send")
    assert (upload.state, upload.sent) == (State.SENDING, 2)
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_all() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.sent, upload.refused, upload.verified) == (State.DONE, 7, 1, 7)
    assert sum(chunk.count for chunk in upload.chunks.all()) == 8


def test_a_chunk_is_never_halved_by_two_workers(upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(4)))
    chunk, same_chunk = upload.chunks.get(), upload.chunks.get()
    chunks.halve(chunk, EphemerisType())
    with pytest.raises(leases.LeaseLost):
        chunks.halve(same_chunk, EphemerisType())
    assert [half.count for half in upload.chunks.all()] == [2, 2]


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_doubles(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(csv_of(*minutes(8)))
    with portal.switched(drop_after=1, times=2, only=UPLOADS):
        act(as_owner, upload, "send")
    assert upload.is_verified
    assert len(stored(aurorax, source)) == 8


def test_maintenance_pauses_and_the_upload_goes_on_by_itself(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = upload_file(csv_of(*minutes(6)))
    with portal.switched(maintenance=True):
        page = act(as_owner, upload, "send")
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.UNAVAILABLE)
    assert "AuroraX unavailable" in page
    assert "tries again by itself" in page
    assert recover_all() == 0  # not yet
    Upload.objects.update(retry_at=timezone.now())
    call_command("recover")
    assert "Woken: 1" in capsys.readouterr().out
    upload.refresh_from_db()
    assert upload.is_verified


def test_an_expired_sign_in_pauses_and_signing_in_again_goes_on(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = upload_file(csv_of(*minutes(12)))
    upload.transition(State.SENDING, started_at=timezone.now())
    portal.expire_sessions()
    Upload.objects.update(woken_at=timezone.now() - timedelta(minutes=5))
    recover_all()
    upload.refresh_from_db()
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.SIGN_IN)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Sign in again" in page
    sign_in("owner2")
    upload.refresh_from_db()
    assert upload.state == State.PAUSED
    sign_in("owner")
    upload.refresh_from_db()
    assert upload.is_verified


@pytest.fixture
def without_sign_in(upload_file: UploadFile, portal: SandboxProcess) -> Upload:
    """An upload that waits for its sender to sign in."""
    upload = upload_file(csv_of(*minutes(3)))
    upload.transition(
        State.SENDING, started_at=timezone.now(), woken_at=timezone.now() - timedelta(minutes=5)
    )
    portal.expire_sessions()
    recover_all()
    return upload


def test_resuming_without_a_sign_in_asks_for_it_and_then_goes_on(
    as_owner: Client, without_sign_in: Upload
) -> None:
    upload, address = without_sign_in, reverse("upload-resume", args=[without_sign_in.pk])
    assert (
        "Sign in again and resume"
        in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    )
    assert as_owner.post(address).status_code == 401
    page = as_owner.post(address, {"sign_in_again": "sandbox-owner"}, follow=True).content.decode()
    upload.refresh_from_db()
    assert upload.is_verified
    assert "by now" not in page


def test_an_administrator_finishes_what_waits_for_somebody_else_s_sign_in(
    without_sign_in: Upload, sign_in: SignIn
) -> None:
    act(sign_in("admin"), without_sign_in, "resume")
    assert without_sign_in.is_verified
    assert Event.objects.get(action="ephemeris.create").actor == "admin@example.org"


def test_who_is_no_longer_allowed_is_stopped_before_anything_is_sent(
    as_maintainer: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(csv_of(*minutes(2)), client=as_maintainer)
    aurorax.sources.update(source.identifier, {"maintainers": []})
    answer = as_maintainer.post(reverse("upload-send", args=[upload.pk]))
    assert answer.status_code == 403
    upload.refresh_from_db()
    assert upload.state == State.CHECKED
    assert stored(aurorax, source) == {}


def test_a_right_lost_while_sending_pauses_with_the_reason_and_an_event(
    as_maintainer: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(csv_of(*minutes(2)), client=as_maintainer)
    upload.transition(
        State.SENDING, started_at=timezone.now(), woken_at=timezone.now() - timedelta(minutes=5)
    )
    aurorax.sources.update(source.identifier, {"maintainers": []})
    recover_all()
    upload.refresh_from_db()
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.REFUSED)
    assert "not one of its maintainers" in upload.message
    assert Event.objects.get(action="ephemeris.create").outcome == Event.Outcome.REFUSED


def after_chunk(monkeypatch: pytest.MonkeyPatch, index: int, decide: Callable[[], object]) -> None:
    """Let somebody decide right after the chunk with this index is accepted."""
    write_down = send._accepted

    def accepted(upload: Upload, chunks: Iterable[Chunk]) -> None:
        told = list(chunks)
        write_down(upload, told)
        if any(chunk.index == index for chunk in told):
            decide()

    monkeypatch.setattr(send, "_accepted", accepted)


def test_pause_stops_at_a_chunk_s_edge_and_resume_goes_on_there(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(12)))
    after_chunk(monkeypatch, 0, lambda: act(as_owner, Upload.objects.get(), "pause"))
    page = act(as_owner, upload, "send")
    assert (upload.state, upload.sent) == (State.PAUSED, 4)
    assert "4 of 12 records are accepted" in page
    act(as_owner, upload, "resume")
    assert upload.is_verified
    assert [chunk.attempts for chunk in upload.chunks.all()] == [1, 1, 1]


def test_cancel_says_exactly_what_stays_in_aurorax(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    upload = upload_file(csv_of(*minutes(12)))
    after_chunk(monkeypatch, 1, lambda: act(as_owner, Upload.objects.get(), "cancel"))
    page = act(as_owner, upload, "send")
    assert "8 records had been accepted by AuroraX before, and stay there" in page
    assert len(stored(aurorax, source)) == 8
    assert Event.objects.get(action="ephemeris.create").summary.startswith("Cancelled the upload of 12")


class Killed(BaseException):
    """A worker that is gone: nothing of it runs any more."""


@pytest.mark.parametrize("when", ["before the request", "after the request"])
def test_a_killed_worker_loses_and_doubles_nothing(
    as_owner: Client,
    upload_file: UploadFile,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    upload, send = upload_file(csv_of(*minutes(12))), EphemerisType.upload

    def die_in_the_second(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        if json.loads(body)[0]["epoch"] != "2020-01-01T00:04:00":
            return send(kind, client, source, body)
        if when == "after the request":
            send(kind, client, source, body)
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(EphemerisType, "upload", die_in_the_second)
        dying.setattr(leases.Lease, "give_back", lambda lease: None)
        act(as_owner, upload, "send")
    assert (upload.state, upload.sent) == (State.SENDING, 4)
    assert [chunk.state for chunk in upload.chunks.all()] == [
        ChunkState.ACCEPTED,
        ChunkState.SENDING,
        ChunkState.WAITING,
    ]
    assert recover_all() == 0  # its lease still runs: it might be alive
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_all() == 1
    upload.refresh_from_db()
    assert upload.is_verified
    assert [chunk.attempts for chunk in upload.chunks.all()] == [1, 2, 1]
    assert stored(aurorax, source) == {f"00:{n:02}": f"state {n}" for n in range(12)}
    assert recover_all() == 0


def test_a_fault_of_the_portal_pauses_and_says_so(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(2)))

    def fail(*args: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr("apps.uploads.steps.plan.snapshots.take", fail)
        assert "a fault of the portal" in act(as_owner, upload, "send")
    act(as_owner, upload, "resume")
    assert upload.is_verified


def test_signing_out_leaves_an_upload_waiting_for_the_next_sign_in(
    as_owner: Client, upload_file: UploadFile, sign_in: SignIn
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    upload.transition(
        State.SENDING, started_at=timezone.now(), woken_at=timezone.now() - timedelta(minutes=5)
    )
    as_owner.post(reverse("sign-out"), {"work": "stop"})
    assert not Credential.objects.live().exists()
    recover_all()
    upload.refresh_from_db()
    assert upload.pause_reason == PauseReason.SIGN_IN
    sign_in("owner")
    upload.refresh_from_db()
    assert upload.is_verified


def test_a_worker_does_not_wait_long_for_records_to_be_taken_in(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0.05)
    monkeypatch.setattr(verify, "PAUSES", (60.0, 60.0))
    upload = upload_file(csv_of(*minutes(6)))
    with portal.switched(ingest_delay=600):
        page = act(as_owner, upload, "send")
        assert (upload.state, upload.sent, upload.verified, upload.lease_until) == (
            State.VERIFYING,
            6,
            0,
            None,
        )
        assert "0 of 6 records" in page
        assert "hx-trigger" in page
        assert recover_all() == 0  # not yet
        portal.ingest()
    Upload.objects.update(retry_at=timezone.now())
    assert recover_all() == 1
    upload.refresh_from_db()
    assert upload.is_verified


def test_a_worker_lost_after_the_last_look_leaves_the_right_count(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(6)))

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(read_back, "count_verified", die)
        act(as_owner, upload, "send")
    assert (upload.state, upload.verified) == (State.VERIFYING, 0)
    Upload.objects.update(woken_at=timezone.now() - timedelta(minutes=5))
    recover_all()
    upload.refresh_from_db()
    assert upload.is_verified
    assert Event.objects.filter(action="ephemeris.create").count() == 1
