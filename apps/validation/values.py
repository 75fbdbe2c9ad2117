"""Reading single values: times and numbers, strictly. Nothing is guessed: what could mean two things is refused."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import floor, isinf, isnan
from typing import NamedTuple

from apps.aurorax.times import YEARS
from apps.validation import null_words, rules
from apps.validation.rounding import (
    DAY_MINUTES,
    MINUTE_MS,
    SECOND_MS,
    MinuteRounding,
    is_noisy,
    round_to_minute,
    to_milliseconds,
)
from apps.validation.rules import Rule
from apps.validation.time_formats import DECLARED, TimeFormat
from apps.validation.time_numbers import COUNTINGS, digits_of, milliseconds
from apps.validation.time_texts import UTC_NAMES, TimeText

# Instrument teams' usual "no value" (ISTP FILLVAL is -1e31).
FILL_VALUES = frozenset({-999.0, -9999.0, 1e31, -1e31})
NAN_WORDS = frozenset({"nan", "-nan", "+nan"})  # in small letters, as `float` takes them
LONGEST_OFFSET = 14  # hours
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALF = Decimal("0.5")
DEFAULT_ROUNDING = MinuteRounding()

DECIMAL_COMMA = r"^(\s*[+-]?\d+),(\d+\s*)$"  # a number, for columns

# As nearly all are written. (24:00 is a day's end.)
_as_aurorax = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:00", re.ASCII).fullmatch
_ambiguous = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*", re.ASCII).fullmatch
_decimal_comma = re.compile(r"[+-]?\d+,\d+", re.ASCII).fullmatch
_number = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII).fullmatch
_fortran_exponent = re.compile(r"(?<=[\d.])[dD](?=[+-]?\d+$)", re.ASCII)


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
    """How a time is written; None for what is no time, and for numbers, which could be seconds, days or anything."""
    found = TimeText.of(value.strip()) if isinstance(value, str) else None
    return found.spelling if found else None


def is_number(value: object) -> bool:
    """Whether the value is a bare number: as a time it means nothing until somebody says what it counts."""
    if isinstance(value, str):
        return bool(_number(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def pointed(value: str | None) -> str | None:
    """A number with a decimal comma, with a point; any other text as it is."""
    return value.replace(",", ".") if value is not None and _decimal_comma(value.strip()) else value


def parse_minute(
    value: object, time_format: TimeFormat | None = None, rounding_rule: MinuteRounding = DEFAULT_ROUNDING
) -> ParsedMinute:
    """A time of day in UTC. No zone means UTC, an offset is converted, seconds are cut (AuroraX keeps minutes:
    PyAuroraX sends them so). `time_format` is the one of the column; None takes any. Raises `InvalidValue`.
    """
    if time_format in DECLARED:
        return _number_minute(value, time_format, rounding_rule)
    if not isinstance(value, str):
        raise InvalidValue(rules.NOT_A_TIME)
    if time_format is TimeFormat.ISO and not rounding_rule.day_first and _as_aurorax(value):
        return _whole_minute(value)
    text = value.strip()
    found = TimeText.of(text)
    if found is None:
        raise InvalidValue(rules.AMBIGUOUS_TIME if _ambiguous(text) else rules.NOT_A_TIME)
    if found.spelling is TimeFormat.YEAR_LAST and rounding_rule.month_first is None:
        raise InvalidValue(rules.AMBIGUOUS_TIME)
    if time_format not in (None, found.spelling):
        raise InvalidValue(rules.OTHER_SPELLING)
    return _minute_of(found, rounding_rule)


def _minute_of(found: TimeText, rounding_rule: MinuteRounding) -> ParsedMinute:
    day = _day(found, is_turned=rounding_rule.turns(found.spelling))
    notices: tuple[Rule, ...] = ()
    if found.is_day_over:
        minutes, second = (DAY_MINUTES - 1 if rounding_rule.is_end else DAY_MINUTES), "0"
        notices = (rules.END_OF_DAY if rounding_rule.is_end else rules.NEXT_MIDNIGHT,)
    else:
        minutes, second = _minute_of_day(found), found.second or "0"
    if found.hour is None:
        minutes = DAY_MINUTES - 1 if rounding_rule.ends_days else 0
        notices = (rules.ALL_DAY if rounding_rule.ends_days else rules.DATE_ALONE,)
    written = _minutes_since_1970(day) + minutes
    if found.zone and found.zone.lower() not in UTC_NAMES:
        written -= _offset(found.zone)
        notices += (rules.OFFSET,)
    fraction = found.fraction or ""
    exact = written * MINUTE_MS + to_milliseconds(second, fraction)
    return _parsed_minute(written, exact, rounding_rule, notices, noisy=is_noisy(fraction))


def _minute_of_day(found: TimeText) -> int:
    hour, minute = found.hour_of_day(), int(found.minute or 0)
    if hour is None or hour > 23 or minute > 59 or int(found.second or 0) > 59:
        raise InvalidValue(rules.NO_SUCH_TIME)
    return hour * 60 + minute


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


def _day(found: TimeText, *, is_turned: bool) -> datetime:
    if found.has_unknown_month:
        raise InvalidValue(rules.NOT_A_TIME)
    written = "%Y-%j" if found.day_of_year else "%Y-%m-%d"
    try:
        day = datetime.strptime(found.date(is_turned=is_turned), written).replace(tzinfo=UTC)
    except ValueError:
        raise InvalidValue(rules.NO_SUCH_TIME) from None
    if day.year != int(found.year):  # strptime takes day 366 of any year
        raise InvalidValue(rules.NO_SUCH_TIME)
    return day


def _offset(zone: str) -> int:
    """In minutes, east of UTC."""
    hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or 0)
    if hours > LONGEST_OFFSET or minutes > 59:
        raise InvalidValue(rules.NOT_A_TIME)
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


def _number_minute(value: object, counted: TimeFormat, rounding_rule: MinuteRounding) -> ParsedMinute:
    """As a double, so that every format agrees."""
    if not is_number(value):
        raise InvalidValue(rules.NOT_UNIX)
    try:
        number = float(value)  # type: ignore[arg-type]
        if counted is TimeFormat.DIGITS:
            return _digits_minute(number, rounding_rule)
        if counted in COUNTINGS:
            since: Decimal | float = milliseconds(number, COUNTINGS[counted])
            exact, written = floor(since + 0.5), floor(since / MINUTE_MS)  # type: ignore[operator]
        else:  # by its digits, so that half a millisecond is one
            since = Decimal(repr(number)) * (1 if counted == TimeFormat.UNIX_MILLISECONDS else SECOND_MS)
            exact, written = floor(since + HALF), floor(since) // MINUTE_MS
    except InvalidValue:
        raise
    except (ValueError, OverflowError, ArithmeticError):
        raise InvalidValue(rules.YEAR) from None
    return _parsed_minute(written, exact, rounding_rule, noisy=since != exact)


def _digits_minute(number: float, rounding_rule: MinuteRounding) -> ParsedMinute:
    found = TimeText.of_spelling(digits_of(number), TimeFormat.DIGITS)  # "" is no time
    if found is None:
        raise InvalidValue(rules.NOT_UNIX)
    return _minute_of(found, rounding_rule)


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
    """A number's text, None for one that says there is none. (`float` alone takes 1_000; Fortran writes 1.0D+02.)"""
    text = _fortran_exponent.sub("e", text)
    if _number(text) or text.lower() in NAN_WORDS:
        return text
    if null_words.is_null(text):
        return None
    raise InvalidValue(rules.DECIMAL_COMMA if _decimal_comma(text) else rules.NOT_A_NUMBER)
