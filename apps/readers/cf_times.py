"""Times as the CF conventions write them: numbers and "hours since 2020-01-01 00:00:00".

(http://cfconventions.org, "Time Coordinate": calendar, units of UDUNITS)
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from apps.readers import variables
from apps.readers.errors import UnreadableFile
from apps.readers.variables import Array, Values

MILLISECONDS = {
    "nanosecond": 1e-6, "ns": 1e-6, "microsecond": 1e-3, "us": 1e-3, "millisecond": 1.0, "msec": 1.0, "ms": 1.0,
    "second": 1e3, "sec": 1e3, "s": 1e3, "minute": 6e4, "min": 6e4, "hour": 3.6e6, "hr": 3.6e6, "h": 3.6e6,
    "day": 8.64e7, "d": 8.64e7, "week": 6.048e8,
}  # fmt: skip
CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian")
OTHER_CALENDAR = (
    "The times in “{name}” follow the calendar “{calendar}”, which has other days than the real one. Write them in the standard"
    " calendar, and upload the file again."
)
_units = re.compile(
    r"\s*(?P<unit>[a-zA-Z]+)\s+since\s+(?P<year>\d{1,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ]\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?P<fraction>\.\d+)?)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*",
    re.IGNORECASE,
).fullmatch


class CountedTimes(NamedTuple):
    """A number is so many times `unit` milliseconds after `origin`, milliseconds since 1970."""

    unit: float
    origin: float

    def moments(self, array: Array, filled: pl.Series | None) -> Values:
        """Whole numbers are counted in whole numbers: nanoseconds since 1970 have more digits than a double."""
        if array.dtype.kind in "iu" and self.unit < 1:
            divisor = round(1 / self.unit)
            whole = pl.Series(array.astype(np.int64))
            milliseconds = (whole // divisor).cast(pl.Float64) + (whole % divisor) / divisor
        else:
            milliseconds = pl.Series(array.astype(np.float64)) * self.unit
        found = milliseconds + self.origin
        return variables.of_milliseconds(found if filled is None else found.set(filled, None))


def counted_times(name: str, units: str, calendar: str) -> CountedTimes | None:
    """How a variable counts; None where its units are none of time. Raises `UnreadableFile` for another calendar."""
    found = _units(units)
    unit = found and MILLISECONDS.get(
        found["unit"].lower(), MILLISECONDS.get(found["unit"].lower().rstrip("s"))
    )
    if not found or not unit:
        return None
    if calendar.lower() not in CALENDARS:
        raise UnreadableFile(OTHER_CALENDAR.format(name=name, calendar=calendar))
    try:
        origin = datetime(
            int(found["year"]), int(found["month"]), int(found["day"]), int(found["hour"] or 0),
            int(found["minute"] or 0), int(found["second"] or 0), tzinfo=UTC,
        ) - _offset(found["zone"])  # fmt: skip
    except (ValueError, OverflowError):
        return None
    return CountedTimes(unit, origin.timestamp() * 1e3 + float(found["fraction"] or 0) * 1e3)


def _offset(zone: str | None) -> timedelta:
    """East of UTC."""
    if not zone or zone[0] not in "+-":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(2)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
