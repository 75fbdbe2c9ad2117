"""Numbers as times: from what a column counts to milliseconds since 1970.

All of it is arithmetic of doubles in one order, so that single values and whole columns (`batches.time_numbers`) give the
very same millisecond.
"""

import math
from typing import NamedTuple

from apps.validation import leap_seconds
from apps.validation.time_formats import TimeFormat

DAY_MS = 86_400_000.0
HALF_A_LEAP_AGE = 1e17  # milliseconds: nothing that is meant is so far away, and an int of 64 bits holds it
TT_AHEAD_OF_TAI, GPS_BEHIND_TAI = 32_184.0, 19_000.0  # milliseconds


class Counting(NamedTuple):
    """How a number becomes milliseconds: `(number - origin) * factor / divisor + offset`, less the leap seconds where the count
    has them.
    """

    origin: float = 0.0
    factor: float = 1.0
    divisor: float = 1.0
    offset: float = 0.0
    has_leap_seconds: bool = False


COUNTINGS = {
    TimeFormat.UNIX_MICROSECONDS: Counting(divisor=1e3),
    TimeFormat.UNIX_NANOSECONDS: Counting(divisor=1e6),
    TimeFormat.UNIX_DAYS: Counting(factor=DAY_MS),
    TimeFormat.EXCEL: Counting(25_569.0, DAY_MS),
    TimeFormat.EXCEL_1904: Counting(24_107.0, DAY_MS),
    TimeFormat.MJD: Counting(40_587.0, DAY_MS),
    TimeFormat.JULIAN_DATE: Counting(2_440_587.5, DAY_MS),
    TimeFormat.DATENUM: Counting(719_529.0, DAY_MS),
    TimeFormat.CDF_EPOCH: Counting(62_167_219_200_000.0),
    # From 2000-01-01T12:00 TT and 1980-01-06T00:00 UTC.
    TimeFormat.TT2000: Counting(
        divisor=1e6, offset=946_728_000_000.0 - TT_AHEAD_OF_TAI, has_leap_seconds=True
    ),
    TimeFormat.GPS_SECONDS: Counting(
        factor=1e3, offset=315_964_800_000.0 + GPS_BEHIND_TAI, has_leap_seconds=True
    ),
}
DIGITS = (8, 10, 12, 14)  # of YYYYMMDD, and hours, minutes and seconds behind


def milliseconds(value: float, counting: Counting) -> float:
    """Since 1970. Raises ValueError and OverflowError for a number that is no time."""
    found = (value - counting.origin) * counting.factor / counting.divisor + counting.offset
    if not math.isfinite(found) or abs(found) > HALF_A_LEAP_AGE:
        raise OverflowError
    return found - leap_seconds.ahead(found) if counting.has_leap_seconds else found


def digits_of(value: float) -> str:
    """`202001010001`; empty for a number that has other digits than such a time."""
    text = str(int(value)) if value.is_integer() else ""
    return text if len(text) in DIGITS else ""
