"""Times that stand in several columns: what the parts are, and the text that one row's parts make together.

date 2020-01-01, time 12:01:00 AM               -> "2020-01-01 12:01:00 AM"
year 2020, day_of_year 1, hour 0, minute 1      -> "2020-001 00:01:00"
date 20200101, hours 0.016666667                -> "2020-01-01 00:01:00.000001"
year 2020, month 13, day                        -> "year 2020, month 13, day": no time, and its finding shows the parts

`batches.time_parts` does the same to whole columns.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from math import floor

from apps.validation import null_words

MARK = "/"  # between a column and one of its parts: "epoch/date"
DATE, CLOCK, YEAR, MONTH, DAY, DAY_OF_YEAR = "date", "time of day", "year", "month", "day", "day of the year"
HOUR, MINUTE, SECOND, HOURS, SECONDS = "hour", "minute", "second", "hours of the day", "seconds of the day"
DATES = ((DATE,), (YEAR, DAY_OF_YEAR), (YEAR, MONTH, DAY))
CLOCKS = ((CLOCK,), (HOUR, MINUTE, SECOND), (HOUR, MINUTE), (HOURS,), (SECONDS,), (HOUR,))
PARTS = (DATE, CLOCK, YEAR, MONTH, DAY, DAY_OF_YEAR, HOUR, MINUTE, SECOND, HOURS, SECONDS)
MICROSECONDS = {HOURS: 3_600e6, SECONDS: 1e6}  # in one of each
DAY_MICROSECONDS = 86_400_000_000
# What is changed in a date and in a time of day before they are joined; the same to `re` and to polars.
DATE_CHANGES = (
    (r"[T ]00:00(?::00(?:\.0+)?)?$", ""),  # workbooks and databases have no dates but midnights
    (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3"),
    (r"^([0-9]{4})([0-9]{3})$", r"\1-\2"),
)
CLOCK_CHANGES = (
    (r"^([0-9]{2})([0-9]{2})([0-9]{2}(?:\.[0-9]+)?)$", r"\1:\2:\3"),
    (r"^([0-9]{2})([0-9]{2})$", r"\1:\2"),
)
WIDTHS = {YEAR: 4, MONTH: 2, DAY: 2, DAY_OF_YEAR: 3, HOUR: 2, MINUTE: 2}
SECOND_PATTERN = r"^[0-9]{1,2}(?:\.[0-9]+)?$"


def pattern(part: str) -> str:
    """What a whole number of this part looks like."""
    least = 4 if part == YEAR else 1
    return rf"^[0-9]{{{least},{WIDTHS[part]}}}$"


def part_of(name: str | None) -> tuple[str, str] | None:
    """The column and the part: `epoch/date`."""
    whole, mark, part = (name or "").partition(MARK)
    return (whole, part) if mark and part in PARTS and "." not in whole else None


def with_shared_date(found: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Times of day without a date take that of another time of the row: date, start_time, end_time."""
    dates = {part for each in DATES for part in each}
    lenders = [
        {p: name for p, name in parts.items() if p in dates} for parts in found.values() if is_whole(parts)
    ]
    return {
        whole: {**lenders[0], **parts} if len(lenders) == 1 and dates.isdisjoint(parts) else dict(parts)
        for whole, parts in found.items()
    }


def is_number_part(name: str) -> bool:
    """Whether it is a part that typed formats have as a number."""
    place = part_of(name)
    return place is not None and place[1] not in (DATE, CLOCK)


def is_whole(parts: Mapping[str, object]) -> bool:
    """Whether they are a date and a time of day, and nothing beside."""
    return any({*date, *clock} == parts.keys() for date in DATES for clock in CLOCKS)


def text_of(value: object) -> str:
    """A part as it is written; whole numbers without a point."""
    if value is None or null_words.is_null(value):
        return ""
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
        )
    text = str(value).strip()
    return re.sub(r"^([0-9]+)\.0*$", r"\1", text, flags=re.ASCII)


def joined(row: Mapping[str, object]) -> str | None:
    """The parts of one row, by their names; None where there is nothing in any of them."""
    parts = {part: text_of(value) for part, value in row.items()}
    if not any(parts.values()):
        return None
    date, clock = _date(parts), _clock(parts)
    if date and clock:
        return f"{date} {clock}"
    return ", ".join(f"{part} {parts[part]}".strip() for part in PARTS if part in parts)


def _date(parts: Mapping[str, str]) -> str:
    if DATE in parts:
        return _changed(parts[DATE], DATE_CHANGES)
    return _numbers(parts, [YEAR, DAY_OF_YEAR] if DAY_OF_YEAR in parts else [YEAR, MONTH, DAY], "-")


def _clock(parts: Mapping[str, str]) -> str:
    if CLOCK in parts:
        return _changed(parts[CLOCK], CLOCK_CHANGES)
    for part, unit in MICROSECONDS.items():
        if part in parts:
            return _clock_of(parts[part], unit)
    clock = _numbers(parts, [part for part in (HOUR, MINUTE) if part in parts], ":")
    clock = clock if MINUTE in parts or not clock else f"{clock}:00"
    if SECOND not in parts or not clock:
        return clock
    second = parts[SECOND]
    return (
        f"{clock}:{second.zfill(2 + len(second) - len(second.partition('.')[0]))}"
        if re.match(SECOND_PATTERN, second)
        else ""
    )


def _numbers(parts: Mapping[str, str], names: list[str], mark: str) -> str:
    if not all(re.match(pattern(name), parts[name]) for name in names):
        return ""
    return mark.join(parts[name].zfill(WIDTHS[name]) for name in names)


def _clock_of(text: str, unit: float) -> str:
    """From a number of hours or seconds of the day."""
    try:
        micro = floor(float(text) * unit + 0.5)
    except (ValueError, OverflowError):
        return ""
    if not 0 <= micro <= DAY_MICROSECONDS:
        return ""
    seconds, micro = divmod(micro, 1_000_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micro:06}"


def _changed(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for found, by in changes:
        text = re.sub(found, by, text)
    return text
