"""How many requests are under way at once."""

import threading
import time

import pytest
from django.test import Client
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, errors
from apps.ephemeris.record_type import EphemerisType
from apps.jobs.models import PauseReason
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps.concurrency import QUICK_ANSWERS, SLOW, AdaptiveConcurrency
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import UPLOADS, stored


@pytest.fixture(autouse=True)
def _many_small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 2
    settings.UPLOAD_CONNECTIONS = 4


def test_slow_answers_and_refusals_to_keep_up_bring_fewer_and_quick_ones_more_again() -> None:
    pace = AdaptiveConcurrency(8)
    pace.record_latency(SLOW + 1)
    assert pace.connections == 7
    pace.back_off()
    assert pace.connections == 3
    for _ in range(3):
        pace.back_off()
    assert pace.connections == 1
    for _ in range(QUICK_ANSWERS):
        pace.record_latency(0.1)
    assert pace.connections == 2
    for _ in range(20 * QUICK_ANSWERS):
        pace.record_latency(0.1)
    assert pace.connections == 8


class Watch:
    """Counts requests under way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 0.03) -> None:
        self.most = self._now = 0
        self.seen: list[int] = []
        lock, send = threading.Lock(), EphemerisType.upload

        def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
            with lock:
                self._now += 1
                self.most = max(self.most, self._now)
                self.seen.append(self._now)
            time.sleep(seconds)
            try:
                send(kind, client, source, body)
            finally:
                with lock:
                    self._now -= 1

        monkeypatch.setattr(EphemerisType, "upload", upload)


def test_several_chunks_are_under_way_at_once_and_every_one_is_written_down(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    aurorax: AuroraX,
    source: DataSource,
) -> None:
    watch, upload = Watch(monkeypatch), upload_file(csv_of(*minutes(40)))
    assert "Verified" in act(as_owner, upload, "send")
    assert watch.most == 4
    assert {(chunk.state, chunk.attempts) for chunk in upload.chunks.all()} == {(ChunkState.VERIFIED, 1)}
    assert len(stored(aurorax, source)) == 40


def test_too_many_requests_bring_fewer_connections_and_the_upload_goes_on(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.ATTEMPTS", 1)
    watch, upload = Watch(monkeypatch), upload_file(csv_of(*minutes(40)))
    with portal.switched(errors="429=1", times=3, only=UPLOADS, retry_after=0):
        act(as_owner, upload, "send")
    assert upload.is_verified
    assert max(watch.seen[8:]) < 4


def test_trouble_that_stays_pauses_and_what_was_under_way_counts(
    as_owner: Client,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
    aurorax: AuroraX,
    source: DataSource,
) -> None:
    send, asked = EphemerisType.upload, threading.Event()

    def upload_some(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        if b"00:00:00" in body:
            asked.wait(5)
            raise errors.Maintenance
        if b"00:06:00" in body:
            asked.set()
            time.sleep(0.2)
        send(kind, client, source, body)

    with monkeypatch.context() as patched:
        patched.setattr(EphemerisType, "upload", upload_some)
        upload = upload_file(csv_of(*minutes(8)))
        act(as_owner, upload, "send")
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.UNAVAILABLE)
    assert upload.sent == len(stored(aurorax, source)) == 6
    act(as_owner, upload, "resume")
    assert upload.is_verified
