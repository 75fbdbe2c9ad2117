"""What is drawn: where lines break, what stands still, what a track spans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.charts.maps import Look, Track
from apps.charts.maps.tracks import Extent, span, ticks
from tests.charts.maps.orbits import START, orbit

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds
ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


def track(*places: tuple[float, float], minutes: list[int] | None = None, is_joined: bool = True) -> Track:
    lats, lons = np.array(places, dtype=np.float64).reshape(-1, 2).T
    times = START + MINUTE * np.array(minutes if minutes is not None else range(len(places)), dtype=np.int64)
    return Track.of("t", "Track", Look.SOLID, times=times, lats=lats, lons=lons, is_joined=is_joined)


def test_what_cannot_be_a_place_is_left_out_with_its_time() -> None:
    nan, inf = float("nan"), float("inf")
    found = track((1, 2), (nan, nan), (91, 0), (3, nan), (5, inf), (90, 4))
    assert found.lats.tolist() == [1, 90]
    assert (found.times - START).tolist() == [0, 5 * MINUTE]


@pytest.mark.parametrize(
    ("lon", "expected"), [(180, 180), (-180, -180), (190, -170), (359, -1), (540, 180), (-190, 170), (0, 0)]
)
def test_longitudes_are_turned_into_half_a_circle_each_way(lon: float, expected: float) -> None:
    assert track((0, lon)).lons.tolist() == [expected]


def test_a_line_breaks_where_records_are_missing_and_not_for_a_single_one() -> None:
    places = [(float(n), 0.0) for n in range(6)]
    assert track(*places, minutes=[0, 1, 3, 4, 10, 11]).starts.tolist() == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]


def test_a_line_breaks_where_positions_jump() -> None:
    assert track((0, 0), (4, 0), (4, 60), (8, 60)).starts.tolist() == [True, False, True, False]


def test_places_that_are_not_joined_each_stand_for_themselves() -> None:
    assert track((0, 0), (1, 0), (2, 0), is_joined=False).starts.tolist() == [True, True, True]


def test_a_low_orbit_is_one_line() -> None:
    assert orbit(1440).track().starts.sum() == 1


@pytest.mark.parametrize(
    ("lons", "expected"),
    [
        ([10, 20, 15], (10, 20)),
        ([170, -175, 179], (170, -175)),
        ([0], (0, 0)),
        ([-180, 180], (180, -180)),
        (list(range(-180, 180, 5)), (-180, 180)),
        ([0, 120, -110], (-110, 120)),
    ],
)
def test_the_extent_is_the_smallest_that_holds_all_longitudes(
    lons: list[float], expected: tuple[float, float]
) -> None:
    extent = track(*((1.0, lon) for lon in lons)).extent
    assert (extent.west - expected[0]) % 360 == 0
    assert (extent.east - expected[1]) % 360 == 0


def test_an_extent_is_told_in_degrees_and_directions() -> None:
    assert Extent(-12.5, 60, 170, -175).latitudes == "12.5° S to 60° N"
    assert Extent(-12.5, 60, 170, -175).longitudes == "170° E to 175° W"
    assert Extent(1, 1, 0, 0).latitudes == "1° N"
    assert Extent(1, 1, 0, 0).longitudes == "0°"
    assert Extent(1, 2, -180, 180).longitudes == "all"


@pytest.mark.parametrize(
    ("places", "still"),
    [
        ([], False),
        ([(50, 10)], True),
        ([(50, 10), (50.05, 10.05)], True),
        ([(50, 10), (50.2, 10)], False),
        ([(50, 10), (50, 10.2)], False),
        ([(50, 179.99), (50, -179.99)], True),
        ([(89.99, 10), (89.99, -170)], True),
        ([(1, lon) for lon in range(-180, 180, 5)], False),
    ],
)
def test_what_moves_less_than_can_be_seen_stands_still(
    places: list[tuple[float, float]], still: bool
) -> None:
    assert track(*places).is_still is still


@given(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=20))
def test_whatever_the_numbers_are_a_track_holds_places_only(places: list[tuple[float, float]]) -> None:
    found = track(*places)
    assert (np.abs(found.lats) <= 90).all()
    assert (np.abs(found.lons) <= 180).all()
    assert np.isfinite(found.way.lats).all()
    assert len(found.starts) == len(found)


@given(start=st.integers(0, 4_000_000_000), length=st.integers(0, 400 * DAY), most=st.integers(2, 40))
def test_ticks_are_round_few_and_within_the_range(start: int, length: int, most: int) -> None:
    moments, step = ticks(start, start + length, most=most)
    assert len(moments) <= most
    assert ((moments >= start) & (moments <= start + length)).all()
    assert (moments % min(step, DAY) == 0).all()


@pytest.mark.parametrize(
    ("length", "step"),
    [(DAY - MINUTE, 2 * HOUR), (HOUR, 10 * MINUTE), (7 * DAY, DAY), (31 * DAY - MINUTE, 3 * DAY)],
)
def test_ticks_are_hours_of_a_day_and_days_of_a_month(length: int, step: int) -> None:
    moments, found = ticks(START, START + length, most=12)
    assert (found, moments[0]) == (step, START)


def test_the_position_at_a_moment_is_the_first_from_then_on_unless_it_comes_too_late() -> None:
    found = track((1, 1), (2, 2), (3, 3), minutes=[0, 7, 30])
    moments = START + MINUTE * np.array([0, 5, 10, 29, 31])
    assert found.at(moments, 5 * MINUTE).tolist() == [0, 1, -1, 2, -1]
    assert track().at(moments, 5).tolist() == [-1] * 5


def test_several_tracks_span_from_the_first_to_the_last_of_all() -> None:
    assert span([track((1, 1), minutes=[5]), track(), track((1, 1), minutes=[2])]) == (
        START + 120,
        START + 300,
    )
    assert span([track()]) is None
