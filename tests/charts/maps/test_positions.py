"""The same tracks as rows of a table."""

from datetime import UTC, datetime

import numpy as np

from apps.charts.maps import Look, rows
from tests.charts.maps.orbits import MONTH, START, Orbit, orbit, three_tracks


def test_a_day_is_told_hour_by_hour_with_its_first_and_last_minute() -> None:
    times = [row.time for row in rows(three_tracks(1440))]
    hours = [datetime(2020, 1, 1, hour, tzinfo=UTC) for hour in range(24)]
    assert times == [*hours, datetime(2020, 1, 1, 23, 59, tzinfo=UTC)]


def test_a_month_is_told_day_by_day() -> None:
    times = [row.time for row in rows([orbit(MONTH).track()])]
    assert len(times) == 32
    assert {time.hour for time in times[:-1]} == {0}


def test_positions_are_those_of_exactly_that_time_and_none_where_there_is_none() -> None:
    whole = orbit(180)
    found = rows([whole.track(), whole.part(slice(0, 90)).track(Look.DASHED)])
    for row in found:
        index = (int(row.time.timestamp()) - START) // 60
        here = (float(whole.lats[index]), float(whole.lons[index]))
        assert row.positions == [here, here if index < 90 else (None, None)]


def test_a_gap_has_no_rows_and_what_comes_after_it_has_its_own_time() -> None:
    broken = orbit(1440).part(np.concatenate((np.arange(100), np.arange(610, 1440))))
    hours = [(row.time.hour, row.time.minute) for row in rows([broken.track()])]
    assert hours[:4] == [(0, 0), (1, 0), (10, 10), (11, 0)]


def test_what_stands_still_is_told_once_at_each_end() -> None:
    still = Orbit(START + 60 * np.arange(1440), np.full(1440, 56.0), np.full(1440, -94.0))
    assert [row.time.hour for row in rows([still.track()])] == [0, 23]


def test_without_positions_there_are_no_rows() -> None:
    assert rows([]) == []
    assert rows([orbit(0).track()]) == []
