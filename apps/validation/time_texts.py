"""Times as texts: the spellings that are known, one pattern for each.

The patterns mean the same to Python's `re` and to the regular expressions of polars, so that whole columns
(`batches.time_texts`) are read like single values: no classes that know Unicode, no look-around.
"""

import re
from calendar import month_abbr, month_name
from typing import NamedTuple

from apps.validation.time_formats import DECLARED, TimeFormat

_BLANK = r"[ \t\n\r\f\v]"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?"
    rf"(?:{_BLANK}*(?P<half>[AaPp])[Mm])?"
)
_ZONE = rf"(?:{_BLANK}*(?P<zone>[Zz]|[Uu][Tt][Cc]?|[Gg][Mm][Tt]|[+-][0-9]{{2}}(?::?[0-9]{{2}})?))?"
_WEEKDAY = rf"(?:[A-Za-z]{{3,9}},?{_BLANK}+)?"


def _with_clock(date: str, joints: str = "Tt_/") -> str:
    """A date, and maybe a time of day behind it. SPEDAS puts a slash between, astropy a colon behind the day of the year."""
    return rf"{date}(?:(?:[{joints}]|{_BLANK}){_BLANK}*{_CLOCK}{_ZONE})?"


PATTERNS: dict[TimeFormat, str] = {
    TimeFormat.ISO: _with_clock(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    TimeFormat.SLASHES: _with_clock(r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})"),
    TimeFormat.DAY_OF_YEAR: _with_clock(r"(?P<year>[0-9]{4})[-:/](?P<day_of_year>[0-9]{3})", "Tt_/:"),
    TimeFormat.BASIC: (
        rf"(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?:[Tt_]|{_BLANK}+)(?P<hour>[0-9]{{2}}):?"
        rf"(?P<minute>[0-9]{{2}})(?::?(?P<second>[0-9]{{2}})(?:[.,](?P<fraction>[0-9]+))?)?"
        rf"(?:{_BLANK}*(?P<half>[AaPp])[Mm])?{_ZONE}"
    ),
    TimeFormat.NAMED_MONTH: _with_clock(
        rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:[-/]|{_BLANK}*)(?P<name>[A-Za-z]{{3,9}})(?:[-/]|[.,]?{_BLANK}*)(?P<year>[0-9]{{4}})",
        "Tt_/:",
    ),
    TimeFormat.YEAR_LAST: _with_clock(
        r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})", "Tt_,"
    ),
    TimeFormat.ASCTIME: (
        rf"{_WEEKDAY}(?P<name>[A-Za-z]{{3,9}}){_BLANK}+(?P<day>[0-9]{{1,2}}){_BLANK}+{_CLOCK}{_ZONE}{_BLANK}+"
        r"(?P<year>[0-9]{4})"
    ),
    TimeFormat.DIGITS: (  # as a number, which has to be declared: `time_numbers`
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
        r"(?:(?P<hour>[0-9]{2})(?:(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?)?)?"
    ),
}
MONTHS = {  # in small letters, as they are known in English
    name.lower(): f"{number:02}"
    for names in (month_abbr, month_name)
    for number, name in enumerate(names)
    if number
} | {"sept": "09"}
UTC_NAMES = frozenset({"z", "utc", "ut", "gmt"})  # in small letters
YEAR_FIRST = (TimeFormat.ISO, TimeFormat.SLASHES)  # may be year, day, month
TURNABLE = (*YEAR_FIRST, TimeFormat.YEAR_LAST)  # may have day and month in the other order
WITH_NAMES = (TimeFormat.NAMED_MONTH, TimeFormat.ASCTIME)
_matchers = {spelling: re.compile(pattern).fullmatch for spelling, pattern in PATTERNS.items()}


class TimeText(NamedTuple):
    """What stands in a text, as it stands there. `hour` is None for a date alone; the month of a name that is none is "00"."""

    spelling: TimeFormat
    year: str
    month: str | None
    day: str | None
    day_of_year: str | None = None
    hour: str | None = None
    minute: str | None = None
    second: str | None = None
    fraction: str | None = None
    half: str | None = None
    zone: str | None = None

    @classmethod
    def of(cls, text: str) -> "TimeText | None":
        """None for what is no time, and for numbers."""
        if not text[:1].isalnum():
            return None
        of_any = (cls.of_spelling(text, spelling) for spelling in _matchers if spelling not in DECLARED)
        return next(filter(None, of_any), None)

    @classmethod
    def of_spelling(cls, text: str, spelling: TimeFormat) -> "TimeText | None":
        """The same for one spelling."""
        found = _matchers[spelling](text)
        if found is None:
            return None
        parts = found.groupdict()
        if name := parts.pop("name", None):
            parts["month"] = MONTHS.get(name.lower(), "00")
        parts = {"month": None, "day": None} | parts
        return cls(spelling, **parts)  # type: ignore[arg-type]

    @property
    def has_unknown_month(self) -> bool:
        """Whether the name is that of no month."""
        return self.spelling in WITH_NAMES and self.month == "00"

    @property
    def is_day_over(self) -> bool:
        """24:00, the end of the day it names (ISO 8601)."""
        rest = f"{self.minute}{self.second or ''}{self.fraction or ''}"
        return self.hour == "24" and not self.half and not rest.strip("0")

    def date(self, *, is_turned: bool = False) -> str:
        """`YYYY-MM-DD`, or `YYYY-DDD`. `is_turned`: day and month stand in the other order."""
        if self.day_of_year:
            return f"{self.year}-{self.day_of_year}"
        month, day = self.month or "", self.day or ""
        if is_turned and self.spelling in TURNABLE:
            month, day = day, month
        return f"{self.year}-{month:0>2}-{day:0>2}"

    def hour_of_day(self) -> int | None:
        """From 0; None where 12-hour clocks have no such hour."""
        hour = int(self.hour or 0)
        if not self.half:
            return hour
        return hour % 12 + 12 * (self.half in "Pp") if 1 <= hour <= 12 else None
