"""The same tracks in words and numbers: what `ui/map/positions.html` writes under the pictures."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from apps.charts.maps.arrays import Whole
from apps.charts.maps.tracks import Track, moment, span, ticks

ROWS = 32  # at most, besides the first and the last: every hour of a day, every day of a month

Position = tuple[float | None, float | None]  # latitude and longitude in degrees
NOWHERE: Position = (None, None)


class PositionsRow(NamedTuple):
    """Where each track was at one time."""

    time: datetime
    positions: list[Position]


def rows(tracks: Sequence[Track]) -> list[PositionsRow]:
    """The first and the last time of all tracks, and what comes first after each full hour, day or whatever fits.

    Where everything stands still nothing is to be seen between the first and the last.
    """
    times = np.unique(np.concatenate([track.times for track in tracks])) if tracks else np.empty(0, np.int64)
    begin_and_end = span(tracks)
    if begin_and_end is None:
        return []
    moments, step = ticks(*begin_and_end, most=ROWS)
    found = np.searchsorted(times, moments)
    passed = times[found[found < len(times)]]
    late = passed - moments[: len(passed)]
    between = passed[late < step] if any(len(track) and not track.is_still for track in tracks) else times[:0]
    chosen = np.unique(np.concatenate((times[:1], between, times[-1:])))
    columns = [_positions(track, chosen) for track in tracks]
    return [
        PositionsRow(moment(seconds), list(places))
        for seconds, *places in zip(chosen.tolist(), *columns, strict=True)
    ]


def _positions(track: Track, times: Whole) -> list[Position]:
    """The positions at exactly these times."""
    found = np.searchsorted(track.times, times)
    there = found < len(track)
    there[there] = track.times[found[there]] == times[there]
    places = zip(track.lats[found[there]].tolist(), track.lons[found[there]].tolist(), strict=True)
    return [next(places) if is_there else NOWHERE for is_there in there.tolist()]
