"""Places on pictures."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.charts.maps import MapPlace, draw_places
from apps.charts.maps.places import GREATEST_SCALE, LEAST_SCALE, closer

CANADA = [("gillam", 56.38, -94.64), ("kiana", 66.97, -160.44), ("goose bay", 53.32, -60.46)]
SPOTS = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=20)


def places(*found: tuple[str, float, float]) -> list[MapPlace]:
    return [MapPlace(lat, lon, name, f"{name}!", f"/{name}/") for name, lat, lon in found]


def test_places_near_each_other_are_shown_from_nearby_first_and_then_all_over() -> None:
    views = draw_places(places(*CANADA))
    assert [view.projection.slug for view in views] == ["region", "world", "north", "south"]
    assert [len(view.pins) for view in views] == [3, 3, 3, 0]
    assert [view.is_empty for view in views] == [False, False, False, True]


def test_a_pin_stands_where_its_place_is() -> None:
    (pin,) = draw_places(places(("here", 45, 90)))[1].pins
    assert (pin.x, pin.y, pin.place.url) == (540, 90, "/here/")
    assert pin.label
    assert pin.label.text == "here"


@pytest.mark.parametrize(
    "spots",
    [
        [],
        [(70, 10), (-70, 10)],
        [(60, 179), (60, -179)],
        [(90, 0)],
        [(-89.9, 0), (-89.9, 90)],
    ],
    ids=["none", "both hemispheres", "both sides of the antimeridian", "a pole", "around a pole"],
)
def test_without_a_closer_look_the_world_and_both_poles_remain(spots: list[tuple[float, float]]) -> None:
    views = draw_places(places(*(("x", lat, lon) for lat, lon in spots)))
    assert [view.projection.slug for view in views] == ["world", "north", "south"]


@given(SPOTS)
@example([(37.0, 180.0)])
def test_a_closer_look_holds_every_place_and_only_the_world(spots: list[tuple[float, float]]) -> None:
    lats, lons = np.array(spots, dtype=np.float64).reshape(-1, 2).T
    region = closer(lats, lons)
    if region is None:
        return
    assert region.shows(lats, lons).all()
    assert LEAST_SCALE <= region.scale <= GREATEST_SCALE
    assert region.land_box.width >= region.width
    assert all(0 <= label.x <= region.width for label in region.grid_labels)
