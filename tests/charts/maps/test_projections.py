"""Where places land on each picture, and what happens to lines that leave it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj

from apps.charts.maps.great_circles import Way
from apps.charts.maps.projections import NORTH, SOUTH, WORLD, Lines, Polar, Projection, World
from apps.charts.maps.regions import Region

RIM = 178.0  # units
LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)


def on(picture: Projection, lat: float, lon: float) -> tuple[float, float]:
    x, y = picture.project(np.array([lat]), np.array([lon]))[0].round(6).tolist()
    return x, y


def drawn(picture: World | Polar, *places: tuple[float, float]) -> Lines:
    """A line through the places."""
    lats, lons = np.array(places, dtype=np.float64).T
    return picture.lines(Way(lats, lons, np.arange(len(places)) == 0))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((0, 0), (360, 180)),
        ((90, -180), (0, 0)),
        ((-90, 180), (720, 360)),
        ((60, -120), (120, 60)),
        ((-45, 90), (540, 270)),
    ],
)
def test_on_the_world_two_units_are_a_degree(
    place: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert on(WORLD, *place) == expected


@pytest.mark.parametrize(
    ("picture", "place", "expected"),
    [
        (NORTH, (90, 123), (180, 180)),
        (NORTH, (30, 0), (180, 180 + RIM)),  # Greenwich is at the bottom
        (NORTH, (30, 90), (180 + RIM, 180)),
        (NORTH, (30, 180), (180, 180 - RIM)),
        (NORTH, (30, -180), (180, 180 - RIM)),
        (NORTH, (60, -90), (180 - RIM / 2, 180)),
        (SOUTH, (-90, -45), (180, 180)),
        (SOUTH, (-30, 0), (180, 180 - RIM)),  # and here on top
        (SOUTH, (-30, 90), (180 + RIM, 180)),
        (SOUTH, (-60, -90), (180 - RIM / 2, 180)),
    ],
)
def test_around_a_pole_distance_is_latitude_and_direction_is_longitude(
    picture: Polar, place: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert on(picture, *place) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("picture", [NORTH, SOUTH])
@given(lat=st.floats(30, 90), lon=LONS)
def test_around_a_pole_places_lie_where_proj_has_them(picture: Polar, lat: float, lon: float) -> None:
    radius = RIM / np.radians(60)  # units
    x, y = Proj(proj="aeqd", lat_0=90 * picture.pole, R=radius)(lon, picture.pole * lat)
    assert on(picture, picture.pole * lat, lon) == pytest.approx((180 + x, 180 - y), abs=1e-4)


@given(lat=LATS, lon=LONS)
def test_every_place_is_on_the_world_and_around_one_pole_at_most(lat: float, lon: float) -> None:
    where = np.array([lat]), np.array([lon])
    assert WORLD.shows(*where).all()
    assert not (NORTH.shows(*where) & SOUTH.shows(*where)).any()
    x, y = on(WORLD, lat, lon)
    assert (0 <= x <= 720, 0 <= y <= 360) == (True, True)


@pytest.mark.parametrize(("first", "then"), [(170.0, -170.0), (-170.0, 170.0)])
def test_a_line_over_the_antimeridian_breaks_and_goes_on_at_the_other_side(first: float, then: float) -> None:
    points, starts = drawn(WORLD, (10, first), (20, then))
    edge, other_edge = (720, 0) if first > 0 else (0, 720)
    assert points.tolist() == [
        [2 * first + 360, 160],
        [edge, 150],
        [other_edge, 150],
        [2 * then + 360, 140],
    ]
    assert starts.tolist() == [True, False, True, False]


def test_a_line_that_lies_on_the_antimeridian_does_not_cross_the_picture() -> None:
    points, starts = drawn(WORLD, (10, 180), (20, -180), (30, -180))
    assert np.abs(np.diff(points[:, 0])[~starts[1:]]).max() == 0


def test_a_line_that_leaves_a_hemisphere_ends_on_the_rim_and_comes_back_from_there() -> None:
    points, starts = drawn(NORTH, (50, 0), (10, 0), (-40, 0), (0, 90), (60, 90))
    assert points.round(6).tolist() == [
        [180, round(180 + RIM * 40 / 60, 6)],
        [180, 180 + RIM],
        [180 + RIM, 180],
        [180 + RIM / 2, 180],
    ]
    assert starts.tolist() == [True, False, True, False]


def test_of_the_other_hemisphere_nothing_is_drawn() -> None:
    assert len(drawn(SOUTH, (50, 0), (60, 10)).points) == 0
    assert len(drawn(NORTH, (29.9, 0), (-60, 10)).points) == 0


@pytest.mark.parametrize("picture", [NORTH, SOUTH])
@given(places=st.lists(st.tuples(LATS, LONS), min_size=1, max_size=30))
def test_no_line_leaves_the_rim_and_every_place_inside_is_on_a_line(
    picture: Polar, places: list[tuple[float, float]]
) -> None:
    points, starts = drawn(picture, *places)
    assert np.isfinite(points).all()
    assert (np.hypot(*(points - 180).T) <= RIM + 1e-6).all()
    assert not len(starts) or starts[0]
    lats, lons = np.array(places).T
    inside = picture.project(lats, lons)[picture.shows(lats, lons)]
    assert {tuple(point) for point in inside.tolist()} <= {tuple(point) for point in points.tolist()}


@given(places=st.lists(st.tuples(LATS, LONS), min_size=1, max_size=30))
def test_no_line_on_the_world_goes_more_than_half_way_round(places: list[tuple[float, float]]) -> None:
    points, starts = drawn(WORLD, *places)
    assert np.isfinite(points).all()
    assert ((points >= -1e-9) & (points <= [720 + 1e-9, 360 + 1e-9])).all()
    assert (np.abs(np.diff(points[:, 0]))[~starts[1:]] <= 360 + 1e-9).all()


def test_a_region_is_true_to_scale_in_its_middle_and_shows_what_is_within_its_edges() -> None:
    region = Region("region", "Nearby", 720, 360, "land.svg", 8, middle=(60, -100), scale=10, true_at=60)
    assert on(region, 60, -100) == (360, 180)
    assert on(region, 61, -100) == (360, 170)
    assert on(region, 60, -98) == pytest.approx(
        (370, 180)
    )  # a degree of longitude is half as long at 60 degrees
    lats, lons = np.array([60, 79, 60, 60]), np.array([-100, -100, -29, -27])
    assert region.shows(lats, lons).tolist() == [True, False, True, False]


def test_the_land_under_a_region_lies_where_its_places_do() -> None:
    region = Region("region", "Nearby", 720, 360, "land.svg", 8, middle=(60, -100), scale=10, true_at=60)
    box = region.land_box
    x, y = box.x + box.width * (180 - 115) / 360, box.y + box.height * (90 - 55) / 180
    assert on(region, 55, -115) == pytest.approx((x, y), abs=0.02)


@pytest.mark.parametrize("middle", [(88, 179), (-88, -179), (70, -170)])
def test_a_region_does_not_look_beyond_the_edges_of_the_world(middle: tuple[float, float]) -> None:
    box = Region("region", "Nearby", 720, 360, "land.svg", 8, middle, 10, true_at=60).within_world().land_box
    assert max(box.x, box.y) <= 0.01
    assert box.x + box.width >= 719.9
    assert box.y + box.height >= 359.9


@pytest.mark.parametrize("picture", [WORLD, NORTH, SOUTH])
def test_parallels_and_meridians_are_named_inside_the_picture(picture: Projection) -> None:
    labels = picture.grid_labels
    assert {"60° N", "60° S"} & {label.text for label in labels}
    assert all(0 <= label.x <= picture.width and 0 < label.y <= picture.height for label in labels)
