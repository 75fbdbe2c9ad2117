"""Small paths that look like the long ones."""

import re

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from apps.charts.maps.paths import FINENESS, SQUARE, TOLERANCE, covering, line_path, simplified
from apps.charts.maps.projections import WORLD, Lines
from tests.charts.maps.orbits import MONTH, orbit, points_of

# What simplification and rounding together may move a line by, in units.
AWAY = TOLERANCE + np.hypot(0.5, 0.5) / FINENESS + 1e-9
THOUSANDTHS = 1000
COORDINATES = st.tuples(st.integers(0, 720 * THOUSANDTHS), st.integers(0, 360 * THOUSANDTHS)).map(
    lambda point: (point[0] / THOUSANDTHS, point[1] / THOUSANDTHS)
)


def lines(points: list[tuple[float, float]], starts: list[bool]) -> Lines:
    return Lines(np.array(points, dtype=np.float64).reshape(-1, 2), np.array(starts, dtype=bool))


def path_of(whole: Lines) -> str:
    return line_path(simplified(whole))


def drawn(path: str) -> shapely.MultiLineString:
    """The path as it is painted; a dot as a line of no length."""
    return shapely.MultiLineString(
        [np.repeat(line, 2, axis=0) if len(line) == 1 else line for line in points_of(path)]
    )


@st.composite
def some_lines(draw: st.DrawFn) -> Lines:
    points = draw(st.lists(COORDINATES, min_size=1, max_size=60))
    starts = draw(st.lists(st.booleans(), min_size=len(points) - 1, max_size=len(points) - 1))
    return lines(points, [True, *starts])


@given(some_lines())
def test_every_point_is_within_tolerance_of_what_is_drawn(given_lines: Lines) -> None:
    painted = drawn(path_of(given_lines))
    assert shapely.distance(shapely.points(given_lines.points), painted).max() <= AWAY


@given(some_lines())
def test_what_is_drawn_is_within_tolerance_of_the_lines(given_lines: Lines) -> None:
    """No line joins what is apart."""
    parts = np.split(given_lines.points, np.flatnonzero(given_lines.starts)[1:])
    lines = [shapely.LineString(np.repeat(part, 2, axis=0) if len(part) == 1 else part) for part in parts]
    painted = points_of(path_of(given_lines))
    assert len(painted) == len(lines)
    for part, line in zip(painted, lines, strict=True):
        assert shapely.distance(shapely.points(part), line).max() <= AWAY


def test_a_day_of_an_orbit_becomes_a_path_a_fraction_of_its_size() -> None:
    whole = WORLD.lines(orbit(1440).track().way)
    path = path_of(whole)
    assert len(path) < 6_000
    assert shapely.distance(shapely.points(whole.points), drawn(path)).max() <= AWAY


def test_a_straight_line_is_its_two_ends() -> None:
    straight = lines([(x, 2.0 * x) for x in range(100)], [True] + [False] * 99)
    assert path_of(straight) == "M0 0l396 792"


def test_lengths_that_are_nearly_nothing_are_nothing() -> None:
    assert path_of(lines([(0.0, 0.0), (1e-320, 1e-310), (0.0, 5.0)], [True, False, False])) == "M0 0l0 20"


def test_a_point_by_itself_is_a_dot() -> None:
    assert path_of(lines([(1.0, 2.0)], [True])) == "M4 8h0"
    assert path_of(lines([(1.0, 2.0), (1.0, 2.0)], [True, False])) == "M4 8h0"


def test_nothing_is_an_empty_path() -> None:
    nothing = lines([], [])
    assert (path_of(nothing), covering(nothing)) == ("", "")


def squares(path: str) -> list[tuple[float, float, float, float]]:
    """The rectangles of a covering: left, top, right, bottom in units."""
    found = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", path)
    assert "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in found) == path
    numbers = np.array(found, dtype=np.float64) / FINENESS
    return [(x, y, x + width, y + height) for x, y, width, height in numbers.tolist()]


@given(some_lines())
def test_a_covering_covers_every_point_and_little_else(given_lines: Lines) -> None:
    found = shapely.box(*np.array(squares(covering(given_lines))).T)
    covered = shapely.union_all(found)
    assert shapely.distance(shapely.points(given_lines.points), covered).max() == 0
    parts = np.split(given_lines.points, np.flatnonzero(given_lines.starts)[1:])
    lines = [shapely.LineString(part) for part in parts if len(part) > 1]
    line = shapely.union_all([shapely.MultiPoint(given_lines.points), *lines])
    # Every square holds a point of the lines, so none of its corners is farther from that than a diagonal. (The Hausdorff
    # distance of GEOS would measure from inside a covered patch to its rim, which may be any length.)
    corners = shapely.points(shapely.get_coordinates(found))
    assert shapely.distance(corners, line).max() <= SQUARE * np.hypot(1, 1) + 1e-9


def test_a_month_of_an_orbit_covered_is_smaller_than_its_lines() -> None:
    month = WORLD.lines(orbit(MONTH).track().way)
    assert len(covering(month)) < 20_000 < len(path_of(month))
