"""Several uploads in one process, and an AuroraX that says how many requests at once are too many."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, errors
from apps.ephemeris.record_type import EphemerisType
from apps.uploads.models import PaceCeiling
from apps.uploads.steps import pace as pace_module
from apps.uploads.steps.shared_pace import SharedPace, Turn
from tests.support.uploads import UploadFile, act, csv_of, minutes

HOST = "http://aurorax"


@pytest.fixture(autouse=True)
def _found_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """More is tried whatever comes of it: how long an answer takes on a busy machine says little."""
    monkeypatch.setattr(pace_module, "CONNECTIONS_GAIN", 0.0)
    settings.UPLOAD_CHUNK_RECORDS, settings.UPLOAD_CONNECTIONS = 1, None
    settings.UPLOAD_PACE, settings.UPLOAD_PACE_MOST = None, (1, 16)


class Limited:
    """An AuroraX that answers 429 while more than so many requests are under way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limit: int, *, status: int = 429) -> None:
        self.under_way: list[int] = []  # at each request
        self.refused_at: list[int] = []  # of these requests
        now, lock, send = [0], threading.Lock(), EphemerisType.upload

        def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
            with lock:
                now[0] += 1
                is_too_many = now[0] > limit
                if is_too_many:
                    self.refused_at.append(len(self.under_way))
                self.under_way.append(now[0])
            try:
                time.sleep(0.02)
                if is_too_many and status == 429:
                    raise errors.TooManyRequests(status=429)
                if is_too_many:
                    raise errors.ServerError(status=status)
                send(kind, client, source, body)
            finally:
                with lock:
                    now[0] -= 1

        monkeypatch.setattr(EphemerisType, "upload", upload)


@pytest.mark.parametrize(("limit", "status"), [(1, 429), (2, 429), (3, 503), (5, 429)])
def test_after_one_step_never_more_is_sent_at_once_than_aurorax_allows(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, limit: int, status: int
) -> None:
    aurorax = Limited(monkeypatch, limit, status=status)
    upload = upload_file(csv_of(*minutes(60)))
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert max(aurorax.under_way) > limit
    first, last = aurorax.refused_at[0], aurorax.refused_at[-1]
    assert last - first < 2 * 16, "one burst"
    assert max(aurorax.under_way[last + 1 :]) <= limit
    assert PaceCeiling.objects.get().connections <= limit
    before = len(aurorax.under_way)
    act(as_owner, upload_file(csv_of(*minutes(60, lat=52))), "send")
    assert max(aurorax.under_way[before:]) <= limit


@pytest.fixture
def pace(db: None) -> Iterator[SharedPace]:
    """Over one connection."""
    with SharedPace(HOST).joined() as shared:
        yield shared


def waiting(pace: SharedPace, turns: dict[str, Turn], names: list[str]) -> list[threading.Thread]:
    """Threads that wait for their turn one after the other, and say their name when it has come."""
    threads = []
    for number, name in enumerate(turns, start=1):

        def wait_for_turn(name: str = name) -> None:
            if pace.wait_for(turns[name]):
                names.append(name)
                pace.end()

        threads.append(threading.Thread(target=wait_for_turn))
        threads[-1].start()
        while len(pace._queue) < number:
            time.sleep(0.001)
    return threads


def test_uploads_take_turns_in_the_order_in_which_they_ask(pace: SharedPace) -> None:
    assert pace.wait_for(Turn())
    names: list[str] = []
    threads = waiting(pace, {name: Turn() for name in ("one", "another", "one again")}, names)
    pace.end()
    for thread in threads:
        thread.join()
    assert names == ["one", "another", "one again"]


def test_what_waits_can_be_called_back_and_what_is_under_way_cannot(pace: SharedPace) -> None:
    under_way, turns = Turn(), {"first": Turn(), "second": Turn()}
    assert pace.wait_for(under_way)
    names: list[str] = []
    threads = waiting(pace, turns, names)
    assert (pace.call_back(turns["first"]), pace.call_back(under_way)) == (True, False)
    pace.end()
    for thread in threads:
        thread.join()
    assert names == ["second"]


def test_while_aurorax_asks_for_a_pause_no_upload_sends(pace: SharedPace) -> None:
    began = time.monotonic()
    pace.rest(0.05)
    assert pace.wait_for(Turn())
    assert time.monotonic() - began >= 0.05


def test_all_uploads_share_what_one_has_learned_and_the_next_begins_politely_again(
    settings: Settings, db: None
) -> None:
    shared = SharedPace(HOST)
    with shared.joined():
        while shared.level.connections < 4:
            shared.accepted(Turn(), 1, 0.1)
        with shared.joined():
            assert shared.level.connections == 4
    with shared.joined():
        assert shared.level.connections == 1
