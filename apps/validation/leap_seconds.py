"""What clocks without leap seconds are ahead of UTC: TT2000 of CDF and GPS count every second there was."""

from bisect import bisect_right
from datetime import UTC, date, datetime

# IERS Bulletin C 70 of July 2025: none is announced. A later one would be missing here; see `KNOWN_UNTIL`.
KNOWN_UNTIL = date(2025, 12, 31)
# TAI - UTC in seconds, from the first moment of this day on (https://www.ietf.org/timezones/data/leap-seconds.list).
_TABLE = {
    "1972-01-01": 10, "1972-07-01": 11, "1973-01-01": 12, "1974-01-01": 13, "1975-01-01": 14, "1976-01-01": 15,
    "1977-01-01": 16, "1978-01-01": 17, "1979-01-01": 18, "1980-01-01": 19, "1981-07-01": 20, "1982-07-01": 21,
    "1983-07-01": 22, "1985-07-01": 23, "1988-01-01": 24, "1990-01-01": 25, "1991-01-01": 26, "1992-07-01": 27,
    "1993-07-01": 28, "1994-07-01": 29, "1996-01-01": 30, "1997-07-01": 31, "1999-01-01": 32, "2006-01-01": 33,
    "2009-01-01": 34, "2012-07-01": 35, "2015-07-01": 36, "2017-01-01": 37,
}  # fmt: skip
# The same by milliseconds of TAI since 1970. Whatever is within a leap second is the first second behind it.
AHEAD = [seconds * 1_000.0 for seconds in _TABLE.values()]
SINCE = [
    datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1_000 + seconds * 1_000
    for day, seconds in _TABLE.items()
]


def ahead(tai: float) -> float:
    """Milliseconds that TAI is ahead of UTC, at this moment of TAI (milliseconds since 1970). Raises ValueError before 1972, when
    seconds had another length.
    """
    place = bisect_right(SINCE, tai)
    if not place:
        raise ValueError("before the first leap second")
    return AHEAD[place - 1]
