"""Several months are read at once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, errors
from apps.aurorax.times import TimeSpan
from apps.ephemeris.record_type import EPHEMERIS, EphemerisType
from apps.records.windows import read_windows
from tests.conftest import Sent

START = datetime(2020, 1, 1, tzinfo=UTC)
YEAR = [(START, START + timedelta(days=365))]


@pytest.fixture
def source(aurorax: AuroraX, new_source: Callable[..., DataSource]) -> DataSource:
    """A record every ten days."""
    source = new_source()
    records = [EphemerisRecord(START + timedelta(days=day)) for day in range(0, 366, 10)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return source


def test_a_year_comes_in_order_and_in_twelve_windows(
    aurorax: AuroraX, source: DataSource, sent: Sent
) -> None:
    windows = EPHEMERIS.windows(aurorax, source, YEAR)
    found = list(read_windows(EPHEMERIS, aurorax, source, windows))
    assert len(found) == len(windows) == 12
    epochs = [EPHEMERIS.key(row) for rows in found for row in rows]
    assert len(epochs) == 37
    assert epochs == sorted(epochs)
    assert len([line for line in sent if line.endswith("/ephemeris/search")]) == 12


def test_as_many_are_under_way_as_the_settings_allow(
    aurorax: AuroraX, source: DataSource, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AURORAX_SEARCHES_AT_ONCE = 3
    together, really_search = threading.Barrier(3), EphemerisType.search_window

    def search(kind: EphemerisType, client: AuroraX, source: DataSource, window: TimeSpan) -> Any:
        together.wait(5)
        return really_search(kind, client, source, window)

    monkeypatch.setattr(EphemerisType, "search_window", search)
    windows = EPHEMERIS.windows(aurorax, source, YEAR)
    assert sum(len(rows) for rows in read_windows(EPHEMERIS, aurorax, source, windows)) == 37


def test_whoever_gives_up_does_not_wait_for_searches(
    aurorax: AuroraX, source: DataSource, portal: Any, sent: Sent
) -> None:
    def enough() -> None:
        if len([line for line in sent if line.startswith("GET")]) >= 4:
            raise InterruptedError

    with portal.switched(search_seconds=60):
        windows = EPHEMERIS.windows(aurorax, source, YEAR)
        with pytest.raises(InterruptedError):
            list(read_windows(EPHEMERIS, aurorax, source, windows, waiting=enough))
    assert len([line for line in sent if line.startswith("DELETE")]) == 4  # AuroraX need not finish them


def test_a_search_that_fails_is_raised_or_made_again(
    aurorax: AuroraX, source: DataSource, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.ATTEMPTS", 1)
    windows = EPHEMERIS.windows(aurorax, source, YEAR)
    with (
        portal.switched(errors="503=1", times=2, only="POST /api/v1/ephemeris/*"),
        pytest.raises(errors.TryAgain),
    ):
        list(read_windows(EPHEMERIS, aurorax, source, windows))
    seen = list[Exception]()
    with portal.switched(errors="503=1", times=2, only="POST /api/v1/ephemeris/*"):
        found = read_windows(
            EPHEMERIS, aurorax, source, windows, failed=lambda error, before: seen.append(error)
        )
        assert sum(map(len, found)) == 37
    assert len(seen) == 2
