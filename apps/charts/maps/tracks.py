"""What is drawn: where something was, minute after minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from apps.charts.maps.arrays import Flags, Numbers, Whole
from apps.charts.maps.great_circles import Way, arcs, follow
from apps.charts.maps.projections import latitude, longitude

# A track is broken where two positions are further apart in time than so many of its usual steps.
GAP = 2.5
# Degrees of arc: between positions that are further apart nobody knows the way. A low orbit makes 4 in a minute.
JUMP = 45.0
# Degrees: something that moves less, a camera or its footprint, stands still on every picture (under half a unit).
STILL = 0.1
# Steps between the marks of a track, in seconds: minutes, hours, days.
DAY_SECONDS = 24 * 60 * 60  # seconds
STEPS = tuple(60 * n for n in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 4320, 7200, 14400))


class Look(StrEnum):
    """How a track is drawn. Each has a colour, a line and a shape of mark, so that none is known by colour alone."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"

    @property
    def shape(self) -> str:
        """The `d` of its marks around 0, 0, in units: a circle, a square, a triangle."""
        return SHAPES[self]


SHAPES = {
    Look.SOLID: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    Look.DASHED: "M-3-3h6v6h-6z",
    Look.DOTTED: "M0-4l4 7h-8z",
}


class Extent(NamedTuple):
    """What a track spans, in degrees. West is greater than east where it crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float

    @property
    def latitudes(self) -> str:
        """For people: `12.5° S to 60° N`."""
        return _range(latitude(round(self.south, 3)), latitude(round(self.north, 3)))

    @property
    def longitudes(self) -> str:
        """For people: `170° E to 175° W`, eastwards."""
        if (self.west, self.east) == (-180, 180):
            return "all"
        return _range(longitude(round(self.west, 3)), longitude(round(self.east, 3)))


@dataclass(frozen=True)
class Track:
    """Positions in order of time: seconds since 1970 (UTC), and finite degrees, longitude from -180 to 180."""

    name: str
    label: str
    look: Look
    times: Whole
    lats: Numbers
    lons: Numbers
    is_joined: bool = True

    @classmethod
    def of(
        cls,
        name: str,
        label: str,
        look: Look,
        *,
        times: Whole,
        lats: Numbers,
        lons: Numbers,
        is_joined: bool = True,
    ) -> "Track":
        """Of positions in order of time, NaN where there is none. What cannot be a place is left out.

        What is not joined are places by themselves, such as those of events.
        """
        known = np.isfinite(lats) & np.isfinite(lons) & (np.abs(lats) <= 90)
        turned = (lons[known] + 180) % 360 - 180
        eastern = np.where((turned == -180) & (lons[known] > 0), 180.0, turned)
        return cls(name, label, look, times[known], lats[known], eastern, is_joined)

    def __len__(self) -> int:
        return len(self.times)

    @cached_property
    def starts(self) -> Flags:
        """Which positions come after a gap in time or a jump in space, the first of all included."""
        if not self.is_joined:
            return np.ones(len(self), dtype=bool)
        steps = np.diff(self.times)
        longest = GAP * float(np.median(steps)) if len(steps) else 0.0
        breaks = (steps > longest) | (arcs(self.lats, self.lons) > JUMP)
        return np.concatenate((np.ones(min(len(self), 1), dtype=bool), breaks))

    @property
    def way(self) -> Way:
        """Where a line through the positions goes."""
        return follow(Way(self.lats, self.lons, self.starts))

    @cached_property
    def extent(self) -> Extent:
        """The smallest span of latitudes and of longitudes that holds all of it. Raises ValueError for an empty track."""
        west, east = _arc(self.lons)
        return Extent(float(self.lats.min()), float(self.lats.max()), west, east)

    @cached_property
    def is_still(self) -> bool:
        """Whether all of it is one place."""
        if not len(self):
            return False
        narrowing = np.cos(np.radians(self.extent.south))
        width = (self.extent.east - self.extent.west) % 360 or 360.0 * (self.extent.west != self.extent.east)
        return self.extent.north - self.extent.south <= STILL and float(width * narrowing) <= STILL

    def at(self, moments: Whole, within: int) -> Whole:
        """For each moment the index of the first position from then on, -1 when none comes within so many seconds."""
        found = np.searchsorted(self.times, moments)
        known = found < len(self)
        late = self.times[np.where(known, found, 0)] - moments if len(self) else moments
        return np.where(known & (late <= within), found, -1)


def ticks(start: int, end: int, *, most: int) -> tuple[Whole, int]:
    """Round moments from `start` to `end` (seconds since 1970), at most so many of them, and the step between them.

    They are whole steps from midnight UTC; steps of several days are counted from the first midnight.
    """
    days = (end - start) // most // DAY_SECONDS * DAY_SECONDS + DAY_SECONDS
    step = next((step for step in STEPS if (end - start) // step < most), days)
    origin = -(-start // DAY_SECONDS) * DAY_SECONDS if step > DAY_SECONDS else 0
    first = origin - (origin - start) // step * step
    return np.arange(first, end + 1, step, dtype=np.int64), step


def moment(seconds: int) -> datetime:
    """The time that many seconds after 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def span(tracks: Sequence[Track]) -> tuple[int, int] | None:
    """First and last second of several tracks, None when all are empty."""
    known = [track.times for track in tracks if len(track)]
    if not known:
        return None
    return int(min(times[0] for times in known)), int(max(times[-1] for times in known))


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _arc(lons: Numbers) -> tuple[float, float]:
    """The western and eastern end of the shortest arc that holds all longitudes; all the way round without a wide gap."""
    ordered = np.unique(lons)
    gaps = np.diff(ordered, append=ordered[0] + 360)
    widest = int(gaps.argmax())
    if len(ordered) > 1 and gaps[widest] < 360 / 36:
        return -180.0, 180.0
    return float(ordered[(widest + 1) % len(ordered)]), float(ordered[widest])
