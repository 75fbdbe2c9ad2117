"""Dark hours: when the Sun is below an elevation at a place."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from apps.generation.intervals import Interval
from apps.validation.unusual.sun import elevation

AT_ONCE = timedelta(days=400)  # minutes that are held in memory
MINUTE = 60


def dark_hours(lat: float, lon: float, first: date, last: date, below: float) -> list[Interval]:
    """The minutes from the beginning of the first day to the end of the last (UTC) with the Sun lower than `below` degrees."""
    found: list[Interval] = []
    day = first
    while day <= last:
        until = min(day + AT_ONCE, last + timedelta(days=1))
        found += _dark(lat, lon, _minute_of(day), _minute_of(until), below)
        day = until
    return found


def _dark(lat: float, lon: float, begin: int, end: int, below: float) -> list[Interval]:
    is_dark = elevation(np.arange(begin, end, dtype=np.int64), np.array(lat), np.array(lon)) < below
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_dark, [False]]).astype(np.int8)))
    starts, ends = (edges[0::2] + begin).tolist(), (edges[1::2] + begin - 1).tolist()
    return [Interval(*pair) for pair in zip(starts, ends, strict=True)]


def _minute_of(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) // MINUTE
