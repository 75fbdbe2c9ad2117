"""Reading single values: times and numbers, strictly. Nothing is guessed: what could mean two things is refused."""

import re
from calendar import month_name
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import floor, isinf, isnan
from typing import NamedTuple

from apps.aurorax.times import YEARS
from apps.validation import null_words, rules
from apps.validation.rounding import (
    MINUTE_MS,
    SECOND_MS,
    MinuteRounding,
    is_noisy,
    round_to_minute,
    to_milliseconds,
)
from apps.validation.rules import Rule

# Instrument teams' usual "no value" (ISTP FILLVAL is -1e31).
FILL_VALUES = frozenset({-999.0, -9999.0, 1e31, -1e31})
NAN_WORDS = frozenset({"nan", "-nan", "+nan"})  # in small letters, as `float` takes them
LONGEST_OFFSET = 14  # hours
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALF = Decimal("0.5")
DEFAULT_ROUNDING = MinuteRounding()


class TimeFormat(StrEnum):
    """How the times of a column are written. A column has one spelling; plain numbers have to be declared."""

    ISO = "ISO 8601"
    SLASHES = "year/month/day"
    DAY_OF_YEAR = "day of year"
    UNIX_SECONDS = "Unix seconds"
    UNIX_MILLISECONDS = "Unix milliseconds"


DECLARED = (TimeFormat.UNIX_SECONDS, TimeFormat.UNIX_MILLISECONDS)

_time = re.compile(
    r"(\d{4})(?:([-/])(\d{1,2})\2(\d{1,2})|-(\d{3}))(?:[T ]\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
).fullmatch
_as_aurorax = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00", re.ASCII).fullmatch  # as nearly all are
_ambiguous = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*", re.ASCII).fullmatch
_decimal_comma = re.compile(r"[+-]?\d+,\d+", re.ASCII).fullmatch
_number = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII).fullmatch


class InvalidValue(ValueError):
    """A value that breaks a rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.message)
        self.rule = rule


class ParsedMinute(NamedTuple):
    """A time as AuroraX takes it, `YYYY-MM-DDTHH:MM:00` in UTC, what was changed on the way there, and the time as it is
    written: milliseconds since 1970.
    """

    text: str
    notices: tuple[Rule, ...]
    exact: int


def time_format_of(value: object) -> TimeFormat | None:
    """How a time is written; None for what is no time, and for numbers, which could be anything."""
    found = _time(value.strip()) if isinstance(value, str) else None
    return None if found is None else _format_of(found)


def _format_of(found: re.Match[str]) -> TimeFormat:
    if found[5]:
        return TimeFormat.DAY_OF_YEAR
    return TimeFormat.SLASHES if found[2] == "/" else TimeFormat.ISO


def is_number(value: object) -> bool:
    """Whether the value is a bare number: as a time it means nothing until somebody says what it counts."""
    if isinstance(value, str):
        return bool(_number(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def parse_minute(
    value: object, time_format: TimeFormat | None = None, rounding_rule: MinuteRounding = DEFAULT_ROUNDING
) -> ParsedMinute:
    """A time of day in UTC. No zone means UTC, an offset is converted, seconds are cut (AuroraX keeps minutes:
    PyAuroraX sends them so). `time_format` is the one of the column; None takes any. Raises `InvalidValue`.
    """
    if time_format in DECLARED:
        return _unix_minute(
            value, 1 if time_format == TimeFormat.UNIX_MILLISECONDS else SECOND_MS, rounding_rule
        )
    if not isinstance(value, str):
        raise InvalidValue(rules.NOT_A_TIME)
    if time_format is TimeFormat.ISO and not rounding_rule.day_first and _as_aurorax(value):
        return _whole_minute(value)
    found = _time(value.strip())
    if found is None:
        raise InvalidValue(rules.AMBIGUOUS_TIME if _ambiguous(value.strip()) else rules.NOT_A_TIME)
    if time_format is not None and _format_of(found) != time_format:
        raise InvalidValue(rules.OTHER_SPELLING)
    return _minute_of(found, rounding_rule)


def _minute_of(found: re.Match[str], rounding_rule: MinuteRounding) -> ParsedMinute:
    year, _, month, day, day_of_year, hour, minutes, seconds, fraction, zone = found.groups()
    if hour is None:
        raise InvalidValue(rules.NO_TIME_OF_DAY)
    if rounding_rule.day_first:
        month, day = day, month
    clock = (hour, minutes, seconds or "0")
    moment = _day_of_year(year, day_of_year, clock) if day_of_year else _moment(year, month, day, *clock)
    notices: tuple[Rule, ...] = ()
    if zone and zone.upper() not in ("Z", "UTC"):
        moment = _shifted(moment, zone)
        notices += (rules.OFFSET,)
    written = _minutes_since_1970(moment)
    exact = written * MINUTE_MS + to_milliseconds(seconds or "0", fraction or "")
    return _parsed_minute(written, exact, rounding_rule, notices, noisy=is_noisy(fraction or ""))


def _whole_minute(text: str) -> ParsedMinute:
    """One that is written as AuroraX takes it."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise InvalidValue(rules.NO_SUCH_TIME) from None
    if moment.year not in YEARS:
        raise InvalidValue(rules.YEAR)
    return ParsedMinute(text, (), _minutes_since_1970(moment) * MINUTE_MS)


def _parsed_minute(
    written: int, exact: int, rounding_rule: MinuteRounding, notices: tuple[Rule, ...] = (), *, noisy: bool
) -> ParsedMinute:
    since, notice = round_to_minute(written, exact, rounding_rule, noisy=noisy)
    try:
        moment = EPOCH + timedelta(minutes=since)
    except OverflowError:
        raise InvalidValue(rules.YEAR) from None
    if moment.year not in YEARS:
        raise InvalidValue(rules.YEAR)
    return ParsedMinute(f"{moment.isoformat()[:16]}:00", (*notices, notice) if notice else notices, exact)


def _minutes_since_1970(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(minutes=1)


def _moment(*numbers: str) -> datetime:
    """From the year to the second."""
    try:
        return datetime(*map(int, numbers), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        raise InvalidValue(rules.NO_SUCH_TIME) from None


def _day_of_year(year: str, day: str, clock: tuple[str, str, str]) -> datetime:
    try:
        found = datetime.strptime(f"{year}-{day}", "%Y-%j").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidValue(rules.NO_SUCH_TIME) from None
    return _moment(f"{found.year}", f"{found.month}", f"{found.day}", *clock)


def _shifted(moment: datetime, zone: str) -> datetime:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > LONGEST_OFFSET or minutes > 59:
        raise InvalidValue(rules.NOT_A_TIME)
    try:
        return moment - timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    except OverflowError:
        raise InvalidValue(rules.YEAR) from None


def _unix_minute(value: object, unit: int, rounding_rule: MinuteRounding) -> ParsedMinute:
    """`unit` is in milliseconds."""
    if not is_number(value):
        raise InvalidValue(rules.NOT_UNIX)
    try:
        # As a double, so that every format agrees; by its digits, so that half a millisecond is one.
        since = Decimal(repr(float(value))) * unit  # type: ignore[arg-type]
        exact = floor(since + HALF)
    except (ValueError, OverflowError, ArithmeticError):
        raise InvalidValue(rules.YEAR) from None
    return _parsed_minute(floor(since) // MINUTE_MS, exact, rounding_rule, noisy=since != exact)


def turned_date(text: str, *, day_first: bool = False) -> str | None:
    """What a date that does not exist as year, month, day would be as year, day, month: "13 March 2021"; with `day_first`
    the other way round. Empty when it exists neither way; None for any other text, and for a date that exists.
    """
    found = _time(text.strip())
    if found is None or found[5]:
        return None
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    if day_first:
        month, day = day, month
    if _is_date(year, month, day):
        return None
    return f"{month} {month_name[day]} {year}" if _is_date(year, day, month) else ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def number(value: object, *, decimal_comma: bool = False) -> float | None:
    """A number; None for an empty cell, and for a word that stands for none. Raises `InvalidValue`, with `FILL_VALUE` where the
    number does.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise InvalidValue(rules.NOT_A_NUMBER)
    if isinstance(value, str):
        value = _number_text(value.strip().replace(",", ".") if decimal_comma else value.strip())
        if value is None:
            return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise InvalidValue(rules.NOT_A_NUMBER) from None
    if isnan(found) or found in FILL_VALUES:
        raise InvalidValue(rules.FILL_VALUE)
    if isinf(found):
        raise InvalidValue(rules.NOT_A_NUMBER)
    return found


def _number_text(text: str) -> str | None:
    """The text when it is a number, None when it is empty or says so. (`float` alone would take 1_000.)"""
    if _number(text) or text.lower() in NAN_WORDS:
        return text
    if null_words.is_null(text):
        return None
    raise InvalidValue(rules.DECIMAL_COMMA if _decimal_comma(text) else rules.NOT_A_NUMBER)
