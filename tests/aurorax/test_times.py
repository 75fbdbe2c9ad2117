"""Times at the API's edge, and the windows a long search is cut into."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import times

moments = st.integers(-400_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
spans = st.integers(0, 800 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01T06:30:00",
        "2020-01-01T06:30",
        "2020-01-01T06:30:00Z",
        "2020-01-01T06:30:00.000Z",
        "2020-01-01T06:30:00.000000",
        "2020-01-01T06:30:00.000000000",
        "2019-12-31T23:30:00-07:00",
    ],
)
def test_every_way_of_writing_a_time_is_read_as_utc(text: str) -> None:
    assert times.parse(text) == datetime(2020, 1, 1, 6, 30, tzinfo=UTC)
    assert times.parse(text).tzinfo is UTC


def test_trailing_zeros_cut_off_a_fraction_do_no_harm() -> None:
    assert times.parse("2024-11-01T00:00:00.35348").microsecond == 353480


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError):
        times.parse("yesterday")


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_time_stays_none(nothing: str | None) -> None:
    assert times.parse_optional(nothing) is None


def test_times_are_written_in_utc_without_zone_or_fraction() -> None:
    calgary = timezone(timedelta(hours=-7))
    assert times.write(datetime(2019, 12, 31, 23, 30, 5, 999, tzinfo=calgary)) == "2020-01-01T06:30:05"


def test_a_time_without_zone_is_not_sent() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        times.write(datetime.fromisoformat("2020-01-01T00:00:00"))


@given(moments)
def test_what_is_written_is_read_back(moment: datetime) -> None:
    assert times.parse(times.write(moment)) == moment


@given(moments, spans)
def test_windows_cover_the_span_once_and_none_exceeds_a_month(start: datetime, span: timedelta) -> None:
    windows = list(times.months(start, start + span))
    assert windows[0][0] == start
    assert windows[-1][1] == start + span
    for (_, last), (first, _) in pairwise(windows):
        assert first - last == timedelta(seconds=1)
    assert all(last - first < timedelta(days=31) for first, last in windows)


def test_a_window_that_begins_in_february_is_as_short_as_february() -> None:
    start, end = datetime(2021, 2, 1, tzinfo=UTC), datetime(2021, 3, 31, 23, 59, tzinfo=UTC)
    assert next(times.months(start, end)) == (start, datetime(2021, 2, 28, 23, 59, 59, tzinfo=UTC))


def test_an_end_before_the_start_has_no_windows() -> None:
    start = datetime(2021, 2, 1, tzinfo=UTC)
    assert list(times.months(start, start - timedelta(seconds=1))) == []
