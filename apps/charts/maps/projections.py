"""Where a place on the round Earth lies on a flat picture, and what of a line is on the picture at all.

Angles are degrees, latitude north and longitude east positive. Pictures are measured in units of their `viewBox`, x to
the right and y down, one unit being about one pixel at the size pictures are shown in. `tools/draw_land.mjs` draws
the coastlines under the same formulas.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from apps.charts.maps.arrays import Flags, Numbers
from apps.charts.maps.great_circles import Way


class Lines(NamedTuple):
    """Points that are joined: x and y in the rows of `points`, and which of them begin a line of their own."""

    points: Numbers
    starts: Flags


class Box(NamedTuple):
    """A rectangle in units: its upper left corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float


class GridLabel(NamedTuple):
    """The name of a parallel or meridian, written at x, y. `anchor` is SVG's text-anchor."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Projection:
    """One picture of the Earth. `land` names the static file with its coastlines and graticule, `text` is the size of
    the letters in units (the style sheet has the same).
    """

    slug: str
    label: str
    width: float
    height: float
    land: str
    text: float

    @property
    def outline(self) -> str:
        """The `d` of a path around what belongs to the Earth."""
        return f"M0 0h{self.width}v{self.height}h-{self.width}z"

    @property
    def land_box(self) -> Box:
        """Where the picture of the land lies: all over."""
        return Box(0, 0, self.width, self.height)

    def project(self, lats: Numbers, lons: Numbers) -> Numbers:
        """The place's x and y, in rows."""
        raise NotImplementedError

    def shows(self, lats: Numbers, lons: Numbers) -> Flags:
        """Which of the places are on the picture."""
        raise NotImplementedError

    @property
    def grid_labels(self) -> list[GridLabel]:
        """Names of parallels and meridians."""
        raise NotImplementedError


@dataclass(frozen=True)
class World(Projection):
    """All of the Earth, equirectangular: 2 units for each degree, so that both coordinates can be read off."""

    def project(self, lats: Numbers, lons: Numbers) -> Numbers:
        """The antimeridian is at both sides: longitude -180 left, 180 right."""
        return np.column_stack(((lons + 180) * (self.width / 360), (90 - lats) * (self.height / 180)))

    def shows(self, lats: Numbers, lons: Numbers) -> Flags:
        """All of them."""
        return np.full(len(lats), fill_value=True)

    def lines(self, way: Way) -> Lines:
        """A line that crosses the antimeridian ends at one side and goes on at the same height at the other."""
        lats, lons, starts = way
        crossing = np.flatnonzero((np.abs(np.diff(lons)) > 180) & ~starts[1:])
        side = np.where(lons[crossing] < 0, -180.0, 180.0)
        turn = lons[crossing + 1] + 2 * side - lons[crossing]
        share = np.divide(side - lons[crossing], turn, out=np.zeros_like(turn), where=turn != 0)
        heights = lats[crossing] + share * (lats[crossing + 1] - lats[crossing])
        at = np.repeat(crossing + 1, 2)
        lats = np.insert(lats, at, np.repeat(heights, 2))
        lons = np.insert(lons, at, np.column_stack((side, -side)).ravel())
        starts = np.insert(starts, at, np.tile([False, True], len(crossing)))
        return Lines(self.project(lats, lons), starts)

    @property
    def grid_labels(self) -> list[GridLabel]:
        """Parallels at the left, meridians at the bottom, every 30 and 60 degrees."""
        across, down = self.width / 360, self.height / 180
        parallels = [
            GridLabel(4, (90 - lat) * down - 3, latitude(lat), "start") for lat in (60, 30, 0, -30, -60)
        ]
        return parallels + [
            GridLabel((lon + 180) * across, self.height - 4, longitude(lon))
            for lon in (-120, -60, 0, 60, 120)
        ]


@dataclass(frozen=True)
class Polar(Projection):
    """A pole and all around it up to a parallel, azimuthal equidistant: latitude is read off along a straight scale.

    As usual, longitude 0 is at the bottom around the North Pole and on top around the South Pole; 90 east is right.
    """

    pole: int  # 1 north, -1 south
    edge: float = 30.0  # degrees of latitude, without sign, at the rim
    margin: ClassVar[float] = 2.0  # units between rim and picture's edge

    @property
    def radius(self) -> float:
        """Of the rim, in units."""
        return self.width / 2 - self.margin

    @property
    def outline(self) -> str:
        """The rim."""
        rim, across = self.radius, 2 * self.radius
        return f"M{self.margin} {self.height / 2}a{rim} {rim} 0 1 0 {across} 0a{rim} {rim} 0 1 0-{across} 0z"

    def project(self, lats: Numbers, lons: Numbers) -> Numbers:
        """The pole is in the middle."""
        distance = (90 - self.pole * lats) * (self.radius / (90 - self.edge))
        angle = np.radians(lons)
        east, south = distance * np.sin(angle), self.pole * distance * np.cos(angle)
        return np.column_stack((self.width / 2 + east, self.height / 2 + south))

    def shows(self, lats: Numbers, lons: Numbers) -> Flags:
        """Those no farther from the pole than the rim."""
        return self.pole * lats >= self.edge

    def lines(self, way: Way) -> Lines:
        """A line that leaves ends on the rim, and one that comes in begins there."""
        starts = way.starts
        points, inside = self.project(way.lats, way.lons), self.shows(way.lats, way.lons)
        crossing = np.flatnonzero((inside[1:] != inside[:-1]) & ~starts[1:])
        leaves = inside[crossing][:, None]
        before, after = points[crossing], points[crossing + 1]
        met = self._exits(np.where(leaves, before, after), np.where(leaves, after, before))
        points = np.insert(points, crossing + 1, met, axis=0)
        starts = np.insert(starts, crossing + 1, inside[crossing + 1])
        inside = np.insert(inside, crossing + 1, True)
        lines = np.cumsum(starts | ~inside)[inside]
        return Lines(points[inside], np.diff(lines, prepend=0) != 0)

    @property
    def grid_labels(self) -> list[GridLabel]:
        """Parallels along 45 west, meridians inside the rim."""
        parallels = [self._label(lat, -45, latitude(self.pole * lat)) for lat in (80, 60, 40)]
        meridians = [self._label(34, lon, longitude(lon)) for lon in (0, 180)]
        sides = [self._label(31, 90, longitude(90), "end"), self._label(31, -90, longitude(-90), "start")]
        return parallels + meridians + sides

    def _label(self, lat: float, lon: float, text: str, anchor: str = "middle") -> GridLabel:
        x, y = self.project(np.array([self.pole * lat]), np.array([lon]))[0].round(1).tolist()
        return GridLabel(x, y + 4, text, anchor)

    def _exits(self, inner: Numbers, outer: Numbers) -> Numbers:
        """Where the straight ways from points inside the rim to points outside meet it."""
        middle = np.array([self.width, self.height]) / 2
        start, way = inner - middle, outer - inner
        a, b = (way**2).sum(axis=1), (start * way).sum(axis=1)
        c = (start**2).sum(axis=1) - self.radius**2
        share = (np.sqrt(np.maximum(b**2 - a * c, 0)) - b) / a
        met: Numbers = inner + share[:, None] * way
        return met


def latitude(lat: float) -> str:
    """A latitude for people: `60° N`."""
    return _angle(lat, "N", "S")


def longitude(lon: float) -> str:
    """A longitude for people: `120° W`."""
    return _angle(lon, "E", "W")


def _angle(angle: float, positive: str, negative: str) -> str:
    if angle == 0 or abs(angle) == 180:
        return f"{abs(angle):g}°"
    return f"{abs(angle):g}° {positive if angle > 0 else negative}"


WORLD = World("world", "World", 720, 360, "vendor/maps/world.svg", text=13)
NORTH = Polar("north", "North of 30° N", 360, 360, "vendor/maps/north.svg", text=14, pole=1)
SOUTH = Polar("south", "South of 30° S", 360, 360, "vendor/maps/south.svg", text=14, pole=-1)
