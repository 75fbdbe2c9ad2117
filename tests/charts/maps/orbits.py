"""Positions to draw: circular orbits over a turning Earth, and SVG paths read back."""

import re
from typing import NamedTuple

import numpy as np

from apps.charts.maps import Look, Track
from apps.charts.maps.arrays import Numbers, Whole
from apps.charts.maps.paths import FINENESS

START = 1_577_836_800  # 2020-01-01T00:00:00 UTC in seconds since 1970
SIDEREAL_DAY = 1436.07  # minutes
MONTH = 44_640  # minutes


class Orbit(NamedTuple):
    """A position for each minute: seconds since 1970, latitude and longitude in degrees."""

    times: Whole
    lats: Numbers
    lons: Numbers

    def part(self, kept: slice | Whole) -> "Orbit":
        """Some of its minutes."""
        return Orbit(self.times[kept], self.lats[kept], self.lons[kept])

    def track(self, look: Look = Look.SOLID) -> Track:
        """The same as a track."""
        return Track.of(look, look.title(), look, times=self.times, lats=self.lats, lons=self.lons)


def orbit(minutes: int, *, period: float = 94.0, inclination: float = 87.4) -> Orbit:
    """A low polar orbit unless told otherwise; `period` in minutes, `inclination` in degrees."""
    minute = np.arange(minutes)
    along, tilt = 2 * np.pi * minute / period, np.radians(inclination)
    lats = np.degrees(np.arcsin(np.sin(tilt) * np.sin(along)))
    lons = np.degrees(np.arctan2(np.cos(tilt) * np.sin(along), np.cos(along))) - 360 * minute / SIDEREAL_DAY
    return Orbit(START + 60 * minute, lats, (lons + 180) % 360 - 180)


def three_tracks(minutes: int) -> list[Track]:
    """An orbit, and something in either hemisphere that could be its footprints."""
    times, lats, lons = orbit(minutes)
    north, south = 45 + np.abs(lats) / 2, -45 - np.abs(lats) / 2
    return [
        Orbit(times, lats, lons).track(Look.SOLID),
        Orbit(times, north, lons).track(Look.DASHED),
        Orbit(times, south, lons).track(Look.DOTTED),
    ]


def points_of(path: str) -> list[Numbers]:
    """The lines of a path of `line_path`, each as points in units."""
    lines = []
    for part in re.findall(r"M([^M]+)", path):
        numbers = np.array(re.findall(r"-?\d+", part.replace("h0", "")), dtype=np.float64).reshape(-1, 2)
        lines.append(np.cumsum(numbers, axis=0) / FINENESS)
    return lines
