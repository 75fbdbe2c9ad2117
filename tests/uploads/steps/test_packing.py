"""What is left of many chunks, in few requests."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, errors
from apps.ephemeris.record_type import EphemerisType
from apps.jobs import leases
from apps.jobs.recovery import recover_all
from apps.uploads.models import PaceCeiling, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import packing
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import Killed, refuse, stored


@pytest.fixture(autouse=True)
def _chunks_smaller_than_a_request(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_PACE = (12, 1)


def sent(requests: list[list[str]]) -> list[list[int]]:
    """The minutes of each request."""
    return [[int(epoch[3:]) for epoch in request] for request in requests]


def test_chunks_go_together_as_many_as_a_request_may_carry(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests, upload = refuse(monkeypatch), upload_file(csv_of(*minutes(30)))
    act(as_owner, upload, "send")
    assert sent(requests) == [[*range(12)], [*range(12, 24)], [*range(24, 30)]]
    assert upload.is_verified
    assert {chunk.attempts for chunk in upload.chunks.all()} == {1}


def test_a_few_changes_in_many_chunks_are_one_request(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    rows = list(minutes(40))
    act(as_owner, upload_file(csv_of(*rows)), "send")
    for n in range(0, 40, 4):
        rows[n] = rows[n].replace("state", "changed")
    requests, upload = refuse(monkeypatch), upload_file(csv_of(*rows))
    act(as_owner, upload, "send")
    assert sent(requests) == [[*range(0, 40, 4)]]
    assert (upload.sent, upload.changed, upload.is_verified) == (10, 10, True)
    assert stored(aurorax, source) == {
        f"00:{n:02}": f"{'state' if n % 4 else 'changed'} {n}" for n in range(40)
    }


def test_a_refused_request_is_halved_by_its_chunks_and_then_within_one(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, requests = upload_file(csv_of(*minutes(14))), refuse(monkeypatch, "00:06")
    act(as_owner, upload, "send")
    assert sent(requests) == [
        [*range(12)], [*range(4)], [*range(4, 12)], [4, 5, 6, 7], [4, 5], [6, 7], [6], [7], [8, 9, 10, 11], [12, 13],
    ]  # fmt: skip
    assert upload.chunks.get(state=ChunkState.REFUSED).key == "2020-01-01T00:06:00"
    assert (upload.sent, upload.refused, upload.verified) == (13, 1, 13)


def test_a_chunk_that_is_larger_than_a_request_goes_in_parts_and_keeps_what_was_left_out(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(4))), "send")
    settings.UPLOAD_CHUNK_RECORDS = 12
    requests, upload = refuse(monkeypatch), upload_file(csv_of(*minutes(12, lat=51.05)))
    settings.UPLOAD_PACE = (3, 1)
    act(as_owner, upload, "send")
    assert sent(requests) == [[4, 5], [6, 7], [8, 9], [10, 11]]
    assert (upload.identical, upload.sent, upload.is_verified) == (4, 8, True)
    assert sum(chunk.count for chunk in upload.chunks.all()) == 12
    assert sum(chunk.to_send for chunk in upload.chunks.all()) == 8
    assert [*stored(aurorax, source)] == [f"00:{n:02}" for n in range(12)]


def test_parts_of_a_chunk_keep_what_the_file_does_not_give(
    as_owner: Client,
    upload_file: UploadFile,
    settings: Settings,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(8))), "send")
    settings.UPLOAD_CHUNK_RECORDS = 8
    rows = [f"2020-01-01T00:0{n}:00,52,0" for n in range(8)]
    upload = upload_file(csv_of(*rows, header="epoch,location_geo.lat,location_geo.lon"))
    settings.UPLOAD_PACE = (2, 1)
    act(as_owner, upload, "send")
    assert (upload.sent, upload.is_verified) == (8, True)
    assert stored(aurorax, source) == {f"00:0{n}": f"state {n}" for n in range(8)}
    assert [chunk.count for chunk in upload.chunks.all()] == [2] * 4
    assert all(b"state" not in chunk.as_given() for chunk in upload.chunks.all())


def test_when_enough_is_traced_a_refused_request_is_refused_as_a_whole(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "ALONE", 1)
    upload = upload_file(csv_of(*minutes(24)))
    requests = refuse(monkeypatch, *(f"00:{n:02}" for n in range(24)))
    act(as_owner, upload, "send")
    assert [len(request) for request in requests] == [12, 4, 2, 1, 1, 2, 8, 12]
    assert (upload.refused, upload.sent) == (24, 0)


def test_a_worker_killed_at_a_request_of_several_chunks_loses_and_doubles_nothing(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    source: DataSource,
    aurorax: AuroraX,
) -> None:
    upload, send = upload_file(csv_of(*minutes(30))), EphemerisType.upload

    def die_in_the_second(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        send(kind, client, source, body)
        if b"00:12:00" in body:
            raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(EphemerisType, "upload", die_in_the_second)
        dying.setattr(leases.Lease, "give_back", lambda lease: None)
        act(as_owner, upload, "send")
    states = [chunk.state for chunk in upload.chunks.all()]
    assert states == [ChunkState.ACCEPTED] * 3 + [ChunkState.SENDING] * 3 + [ChunkState.WAITING] * 2
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_all() == 1
    upload.refresh_from_db()
    assert upload.is_verified
    assert [chunk.attempts for chunk in upload.chunks.all()] == [1, 1, 1, 2, 2, 2, 1, 1]
    assert stored(aurorax, source) == {f"00:{n:02}": f"state {n}" for n in range(30)}


def take(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """AuroraX takes so many records in one piece; answers the sizes of the requests to come."""
    sizes, send = list[int](), EphemerisType.upload

    def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        sizes.append(len(json.loads(body)))
        if sizes[-1] > most:
            raise errors.InvalidRequest("This is too large.", status=413)
        send(kind, client, source, body)

    monkeypatch.setattr(EphemerisType, "upload", upload)
    return sizes


def test_what_is_too_large_halves_requests_for_good(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, upload = take(monkeypatch, 3), upload_file(csv_of(*minutes(30)))
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert sizes[:4] == [12, 4, 2, 2]
    assert max(sizes[2:]) <= 3


def test_the_next_upload_of_the_day_does_not_try_again_what_was_too_large(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.UPLOAD_PACE, settings.UPLOAD_PACE_MOST = None, (12, 1)
    settings.UPLOAD_CHUNK_RECORDS = settings.UPLOAD_CONNECTIONS = None
    sizes = take(monkeypatch, 8)
    act(as_owner, upload_file(csv_of(*minutes(30))), "send")
    assert PaceCeiling.objects.get().records == 6
    sizes.clear()
    act(as_owner, upload_file(csv_of(*minutes(30, lat=52))), "send")
    assert sizes == [6] * 5


def test_a_record_that_is_too_large_by_itself_is_told(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(monkeypatch, 0)
    upload = upload_file(csv_of(*minutes(2)))
    page = act(as_owner, upload, "send")
    assert (upload.state, upload.refused) == (State.DONE, 2)
    assert "This is too large." in page
