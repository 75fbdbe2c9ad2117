"""The way between two positions on the round Earth, where a straight line on a flat picture would be far from it."""

from typing import NamedTuple

import numpy as np

from apps.charts.maps.arrays import Flags, Numbers

# Degrees of longitude. What turns further within a step, as everything does that passes near a pole, gets points
# between, so that the line bends as the way does.
TURN = 10.0


class Way(NamedTuple):
    """Latitudes and longitudes in degrees, longitude from -180 to 180, and which of them begin a line of their own."""

    lats: Numbers
    lons: Numbers
    starts: Flags


def arcs(lats: Numbers, lons: Numbers) -> Numbers:
    """How far each position is from the one before it, in degrees of arc."""
    points = _vectors(lats, lons)
    chords = np.linalg.norm(np.diff(points, axis=0), axis=1)
    wide: Numbers = np.degrees(2 * np.arcsin(np.minimum(chords / 2, 1)))
    return wide


def follow(way: Way) -> Way:
    """The same way with points along the great circles wherever the longitude turns by more than `TURN` in a step.

    No step may be half way round the Earth: there is no shortest way then.
    """
    turns = np.abs((np.diff(way.lons) + 180) % 360 - 180)
    points, wide = _vectors(way.lats, way.lons), np.radians(arcs(way.lats, way.lons))
    legs = np.flatnonzero((turns > TURN) & ~way.starts[1:] & (wide > 0))
    parts = np.ceil(turns[legs] / TURN).astype(np.int64) - 1
    leg = np.repeat(legs, parts)
    part = np.arange(len(leg)) - np.repeat(np.cumsum(parts) - parts, parts) + 1
    share = part / np.repeat(parts + 1, parts)
    ahead, behind = np.sin(share * wide[leg]), np.sin((1 - share) * wide[leg])
    lats, lons = _degrees(behind[:, None] * points[leg] + ahead[:, None] * points[leg + 1])
    return Way(
        np.insert(way.lats, leg + 1, lats),
        np.insert(way.lons, leg + 1, lons),
        np.insert(way.starts, leg + 1, values=False),
    )


def _vectors(lats: Numbers, lons: Numbers) -> Numbers:
    """Points on a sphere of radius 1, in rows."""
    lat, lon = np.radians(lats), np.radians(lons)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def _degrees(vectors: Numbers) -> tuple[Numbers, Numbers]:
    x, y, z = vectors.T
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
