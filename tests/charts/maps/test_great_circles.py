"""Ways on the round Earth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from apps.charts.maps.great_circles import TURN, Way, arcs, follow

SPHERE = Geod(a=1, b=1)


def way(*places: tuple[float, float]) -> Way:
    lats, lons = np.array(places, dtype=np.float64).T
    return Way(lats, lons, np.arange(len(places)) == 0)


def test_a_short_step_is_left_as_it_is() -> None:
    straight = way((0, 0), (3, 4), (6, -2))
    assert [each.tolist() for each in follow(straight)] == [each.tolist() for each in straight]


def test_a_step_past_the_pole_bends_over_it() -> None:
    lats, lons, starts = follow(way((87, 0), (87, 170)))
    assert lats.max() == pytest.approx(89.7, abs=0.05)
    assert len(lats) == 2 + 170 // TURN - 1
    assert starts.tolist() == [True] + [False] * (len(lats) - 1)
    assert (lons[0], lons[-1]) == (0, 170)


@given(lat=st.floats(-89, 89), to=st.floats(-89, 89), lon=st.floats(-180, 180), turn=st.floats(11, 170))
def test_points_between_are_those_of_the_geodesic(lat: float, to: float, lon: float, turn: float) -> None:
    there = (lon + turn + 180) % 360 - 180
    lats, lons, _ = follow(way((lat, lon), (to, there)))
    expected = SPHERE.npts(lon, lat, there, to, len(lats) - 2)
    apart = SPHERE.inv(lons[1:-1], lats[1:-1], *np.array(expected).T)[2]
    assert np.max(apart) < 1e-6


def test_across_a_gap_there_is_no_way() -> None:
    broken = way((0, 0), (0, 90))._replace(starts=np.array([True, True]))
    assert len(follow(broken).lats) == 2


@given(
    places=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20),
)
def test_every_position_stays_and_nothing_is_undefined(places: list[tuple[float, float]]) -> None:
    lats, lons, starts = follow(way(*places))
    assert np.isfinite(lats).all()
    assert np.isfinite(lons).all()
    assert set(places) <= set(zip(lats.tolist(), lons.tolist(), strict=True))
    assert starts.sum() == 1


def test_arcs_are_degrees_between_neighbours() -> None:
    lats, lons = np.array([0.0, 0, 90, -90]), np.array([0.0, 90, 17, 0])
    assert arcs(lats, lons).round(9).tolist() == [90, 90, 180]
