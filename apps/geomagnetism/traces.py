"""The b-traces of places on the ground, each at its own moment.

    Gillam 56.3767 N, 94.6437 W, 2020-01-01    -> north: the place itself; south: 72.7694 S, 134.6708 W

The trace of a place drifts by less than 0.001 degrees a day and in a line that is all but straight, so it is computed every
few days and drawn straight between those instants: never across the end of a year, where the model's time has a kink, and so never across the
steps of five years, where its coefficients have one.
"""

from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.geomagnetism import aacgm
from apps.geomagnetism.aacgm import YEARS, Floats

Integers = NDArray[np.int64]
STEP_DAYS = 8  # between two instants that are computed
DAY = 86_400  # seconds
FEW_RUNS = 1_000  # of the same stretch of time
PARTS = 1 + 366 // STEP_DAYS  # of a year


class TraceReason(IntEnum):
    """Why there is no trace, or `NONE`: there is one."""

    NONE = 0
    YEARS = 1  # the model does not hold for this moment
    UNDEFINED = 2  # near the magnetic equator
    HEMISPHERE = 3  # the other foot is in the same geographic hemisphere: north and south mean nothing there


class Traces(NamedTuple):
    """In degrees; NaN where there is a `reason` (`TraceReason`)."""

    north_lats: Floats
    north_lons: Floats
    south_lats: Floats
    south_lons: Floats
    reasons: NDArray[np.uint8]


class _Segments(NamedTuple):
    """The stretch of time that each moment lies in: its number, its ends in seconds since 1970, and how far on the moment is."""

    numbers: Integers
    starts: Integers
    ends: Integers
    shares: Floats


def traces(lats: Floats, lons: Floats, seconds: Integers) -> Traces:
    """The traces of places (degrees, -90 to 90 and -180 to 180) at moments in seconds since 1970, UTC. Needs `aacgm.is_installed()`."""
    count = len(lats)
    years = seconds.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    held = (years >= YEARS.start) & (years < YEARS.stop)
    other = np.full((count, 3), np.nan)
    if held.any():
        other[held] = _other_feet(lats[held], lons[held], seconds[held])
    other_lats, other_lons = _angles(other)
    is_north = lats >= 0
    reasons = np.zeros(count, dtype=np.uint8)
    reasons[np.where(is_north, other_lats > 0, other_lats < 0)] = TraceReason.HEMISPHERE
    reasons[np.isnan(other_lats)] = TraceReason.UNDEFINED
    reasons[~held] = TraceReason.YEARS
    known = reasons == TraceReason.NONE
    own_lats, own_lons = np.where(known, lats, np.nan), np.where(known, lons, np.nan)
    other_lats, other_lons = np.where(known, other_lats, np.nan), np.where(known, other_lons, np.nan)
    return Traces(
        np.where(is_north, own_lats, other_lats),
        np.where(is_north, own_lons, other_lons),
        np.where(is_north, other_lats, own_lats),
        np.where(is_north, other_lons, own_lons),
        reasons,
    )


def degrees_apart(lats: Floats, lons: Floats, other_lats: Floats, other_lons: Floats) -> Floats:
    """Of two places each, on a great circle."""
    chord = np.linalg.norm(_vectors(lats, lons) - _vectors(other_lats, other_lons), axis=1)
    apart: Floats = np.degrees(2 * np.arcsin(np.minimum(chord / 2, 1)))
    return apart


def _other_feet(lats: Floats, lons: Floats, seconds: Integers) -> Floats:
    """Directions of the other foot points."""
    segments = _segments(seconds)
    places, place_of = _distinct(lats + 1j * lons)
    pairs, pair_of = _runs(place_of * (PARTS * len(YEARS)) + segments.numbers)
    of_pair = place_of[pairs]
    first, last = (
        _at(places, of_pair, instants) for instants in (segments.starts[pairs], segments.ends[pairs])
    )
    return first[pair_of] + segments.shares[:, None] * (last - first)[pair_of]


def _distinct(places: NDArray[np.complex128]) -> tuple[NDArray[np.complex128], Integers]:
    """The places there are, and which of them each is. Nearly always it is one, which is seen without sorting."""
    if (places == places[0]).all():
        return places[:1], np.zeros(len(places), dtype=np.int64)
    found, place_of = np.unique(places, return_inverse=True)
    return found, place_of


def _runs(numbers: Integers) -> tuple[Integers, Integers]:
    """One place of each number, and which of these each has. Rows nearly always come in order of time: then it is where a run of
    the same number begins.
    """
    begins = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    if np.count_nonzero(begins) > FEW_RUNS:
        return np.unique(numbers, return_index=True, return_inverse=True)[1:]
    return np.flatnonzero(begins), np.cumsum(begins) - 1


def _segments(seconds: Integers) -> _Segments:
    moments = seconds.astype("datetime64[s]")
    years = moments.astype("datetime64[Y]")
    begins = years.astype("datetime64[s]").astype(np.int64)
    beyond = (years + 1).astype("datetime64[s]").astype(np.int64)
    beyond -= years.astype(np.int64) + 1970 == YEARS[-1]  # the model refuses the very end
    parts = (seconds - begins) // (STEP_DAYS * DAY)
    starts = begins + parts * STEP_DAYS * DAY
    ends = np.minimum(starts + STEP_DAYS * DAY, beyond)
    numbers = (years.astype(np.int64) + 1970 - YEARS.start) * PARTS + parts
    return _Segments(numbers, starts, ends, (seconds - starts) / (ends - starts))


def _at(places: NDArray[np.complex128], of_pair: Integers, instants: Integers) -> Floats:
    """Directions of the other foot points of each of these places, at an instant each."""
    found = np.empty((len(of_pair), 3))
    for instant in np.unique(instants):
        chosen = np.flatnonzero(instants == instant)
        asked = places[of_pair[chosen]]
        moment = datetime.fromtimestamp(int(instant), UTC)
        found[chosen] = _vectors(*aacgm.opposite(asked.real.copy(), asked.imag.copy(), moment))
    return found


def _vectors(lats: Floats, lons: Floats) -> Floats:
    phi, theta = np.radians(lats), np.radians(lons)
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _angles(vectors: Floats) -> tuple[Floats, Floats]:
    x, y, z = vectors.T
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
