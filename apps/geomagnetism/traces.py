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
FIRST, BEYOND = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (YEARS.start, YEARS.stop))
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
    """The stretch of time that each moment lies in: its number, and its ends in seconds since 1970."""

    numbers: Integers
    starts: Integers
    ends: Integers


def traces(lats: Floats, lons: Floats, seconds: Integers) -> Traces:
    """The traces of places (degrees, -90 to 90 and -180 to 180) at moments in seconds since 1970, UTC. Needs `aacgm.is_installed()`."""
    held = (seconds >= FIRST) & (seconds < BEYOND)
    other_lats, other_lons = _other_feet_where(held, lats, lons, seconds)
    is_north = lats >= 0
    reasons = np.zeros(len(lats), dtype=np.uint8)
    reasons[(other_lats != 0) & ((other_lats > 0) == is_north)] = TraceReason.HEMISPHERE
    reasons[np.isnan(other_lats)] = TraceReason.UNDEFINED
    reasons[~held] = TraceReason.YEARS
    own_lats, own_lons = lats, lons
    if reasons.any():
        known = reasons == TraceReason.NONE
        own_lats, own_lons, other_lats, other_lons = (
            np.where(known, each, np.nan) for each in (lats, lons, other_lats, other_lons)
        )
    if is_north.all():
        return Traces(own_lats, own_lons, other_lats, other_lons, reasons)
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


def _other_feet_where(
    held: NDArray[np.bool_], lats: Floats, lons: Floats, seconds: Integers
) -> tuple[Floats, Floats]:
    """NaN where the model does not hold."""
    if held.all() and len(held):
        return _other_feet(lats, lons, seconds)
    found_lats, found_lons = np.full(len(lats), np.nan), np.full(len(lats), np.nan)
    if held.any():
        found_lats[held], found_lons[held] = _other_feet(lats[held], lons[held], seconds[held])
    return found_lats, found_lons


def _other_feet(lats: Floats, lons: Floats, seconds: Integers) -> tuple[Floats, Floats]:
    """Latitudes and longitudes of the other foot points, drawn straight between directions that are computed."""
    segments = _segments(seconds)
    places, place_of = _distinct(lats + 1j * lons)
    pairs, pair_of = _runs(place_of * (PARTS * len(YEARS)) + segments.numbers)
    starts, ends = segments.starts[pairs], segments.ends[pairs]
    first, last = (_at(places, place_of[pairs], instants) for instants in (starts, ends))
    shares = (seconds - starts[pair_of]) / (ends - starts)[pair_of]
    # Column by column, which is twice as fast as rows of three.
    x, y, z = (
        one[pair_of] + shares * step[pair_of]
        for one, step in zip(first.T.copy(), (last - first).T.copy(), strict=True)
    )
    return np.degrees(np.arctan2(z, np.sqrt(x * x + y * y))), np.degrees(np.arctan2(y, x))


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
    """Looked up by the day: a calendar of days is much shorter than their minutes."""
    days = seconds // DAY
    first = int(days.min())
    calendar = np.arange(first, int(days.max()) + 1).astype("datetime64[D]")
    years = calendar.astype("datetime64[Y]")
    begins, beyond = (each.astype("datetime64[s]").astype(np.int64) for each in (years, years + 1))
    parts = (calendar.astype(np.int64) * DAY - begins) // (STEP_DAYS * DAY)
    starts = begins + parts * STEP_DAYS * DAY
    ends = np.minimum(
        starts + STEP_DAYS * DAY, np.minimum(beyond, BEYOND - 1)
    )  # the model refuses the very end
    numbers = (years.astype(np.int64) + 1970 - YEARS.start) * PARTS + parts
    at = days - first
    return _Segments(numbers[at], starts[at], ends[at])


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
