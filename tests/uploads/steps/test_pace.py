"""How much is sent at once."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, errors
from apps.ephemeris.record_type import EphemerisType
from apps.jobs.models import PauseReason
from apps.uploads.models import PaceCeiling
from apps.uploads.models.chunk import ChunkState
from apps.uploads.models.pace_ceiling import today
from apps.uploads.states import State
from apps.uploads.steps.pace import (
    AFTER_TROUBLE,
    SLOW,
    AdaptivePace,
    Level,
    PaceBounds,
    bounds,
    chunk_records,
)
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import UPLOADS, stored

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _many_small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 2
    settings.UPLOAD_CONNECTIONS = 4


def answers(pace: AdaptivePace, seconds: Callable[[Level], float], count: int = 400) -> list[Level]:
    """So many answers, each after the time that AuroraX takes at that level; the levels they were sent at."""
    levels = []
    for _ in range(count):
        levels.append(pace.level)
        pace.accepted(pace.level, pace.level.records, seconds(pace.level))
    return levels


def share(levels: list[Level], level: tuple[int, int]) -> float:
    """How many of these are that one."""
    return sum(each == level for each in levels) / len(levels)


POLITE, MOST = Level(500, 1), Level(2_000, 4)


def test_it_begins_politely_and_doubles_the_size_and_then_the_connections() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    levels = answers(pace, lambda level: 0.2, 50)
    assert [*dict.fromkeys(levels)] == [POLITE, (1_000, 1), (2_000, 1), (2_000, 2), MOST]
    assert levels.index(MOST) < 15


def test_a_doubling_that_does_not_make_it_faster_is_taken_back_and_tried_again_much_later() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    levels = answers(
        pace, lambda level: level.records / 1_000
    )  # each record takes as long, and one after the other
    assert share(levels, (500, 4)) > 0.8
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    levels = answers(pace, lambda level: 0.2 * level.connections)
    assert share(levels, (2_000, 1)) > 0.8
    assert (2_000, 2) in levels[100:]


def test_small_requests_say_nothing() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    for _ in range(100):
        pace.accepted(pace.level, 10, 0.2)
    assert pace.level == POLITE


def test_after_a_429_half_as_many_are_sent_at_once_and_never_more_again() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, Level(2_000, 32)))
    answers(pace, lambda level: 0.2, 14)
    pace.cannot_keep_up(Level(2_000, 4))
    pace.cannot_keep_up(Level(2_000, 4))  # sent before that was known
    assert pace.level == (2_000, 2)
    assert {*answers(pace, lambda level: 0.2)} == {(2_000, 2)}


def test_a_429_over_one_connection_takes_nothing_back() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    pace.cannot_keep_up(POLITE)
    assert answers(pace, lambda level: 0.2)[-1] == MOST


def test_what_is_slow_or_not_answered_is_halved_until_it_goes_well_for_a_while() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    answers(pace, lambda level: 0.2)
    pace.accepted(MOST, 2_000, SLOW + 1)
    assert pace.level == (1_000, 2)
    pace.step_back(Level(1_000, 2))
    assert pace.level == POLITE
    answers(pace, lambda level: 0.2, AFTER_TROUBLE - 1)
    assert pace.level == POLITE
    answers(pace, lambda level: 0.2)
    assert pace.level == MOST


def test_what_is_too_large_is_halved_for_good() -> None:
    pace = AdaptivePace(PaceBounds(POLITE, MOST))
    pace.too_large(500)
    assert answers(pace, lambda level: 0.2)[-1] == (250, 4)


def test_a_fixed_pace_steps_back_and_is_taken_up_again() -> None:
    pace = AdaptivePace(PaceBounds(Level(500, 8), Level(500, 8)))
    pace.cannot_keep_up(Level(500, 8))
    assert pace.level == (500, 4)
    pace.step_back(Level(500, 4))
    assert pace.level == (500, 2)
    assert answers(pace, lambda level: 0.1 * level.connections)[-1] == (500, 8)


@pytest.mark.parametrize(
    ("chosen", "start", "most", "chunk"),
    [
        ({}, (500, 1), (2_000, 4), 500),
        ({"UPLOAD_PACE": (100, 3)}, (100, 3), (100, 3), 100),
        ({"UPLOAD_PACE": (1_000, 3)}, (1_000, 3), (1_000, 3), 500),
        ({"UPLOAD_CHUNK_RECORDS": 250, "UPLOAD_CONNECTIONS": 2}, (250, 2), (250, 2), 250),
        ({"UPLOAD_CHUNK_RECORDS": 250}, (250, 1), (250, 4), 250),
        ({"UPLOAD_CONNECTIONS": 1}, (500, 1), (2_000, 1), 500),
        ({"UPLOAD_PACE_MOST": (300, 2)}, (300, 1), (300, 2), 300),
    ],
)
@pytest.mark.usefixtures("db")
def test_settings_fix_the_pace_or_say_how_far_it_may_go(
    settings: Settings, chosen: dict[str, object], start: Level, most: Level, chunk: int
) -> None:
    unset = {"UPLOAD_PACE": None, "UPLOAD_CHUNK_RECORDS": None, "UPLOAD_CONNECTIONS": None}
    for name, value in {**unset, "UPLOAD_PACE_MOST": (2_000, 4), **chosen}.items():
        setattr(settings, name, value)
    settings.POLITE = True
    assert bounds("http://aurorax") == (start, most)
    assert chunk_records() == chunk


@pytest.mark.usefixtures("db")
def test_what_was_too_much_is_remembered_for_the_day_and_for_this_aurorax(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = settings.UPLOAD_CONNECTIONS = None
    settings.UPLOAD_PACE_MOST = (2_000, 8)
    PaceCeiling.lower("http://aurorax", records=2_000, connections=2)
    PaceCeiling.lower("http://aurorax", records=1_000, connections=4)
    assert bounds("http://aurorax").most == (1_000, 2)
    assert bounds("http://another").most == (2_000, 8)
    PaceCeiling.objects.update(day=today() - timedelta(days=1))
    assert bounds("http://aurorax").most == (2_000, 8)
    PaceCeiling.lower("http://aurorax", records=2_000, connections=4)
    assert bounds("http://aurorax").most == (2_000, 4)


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
