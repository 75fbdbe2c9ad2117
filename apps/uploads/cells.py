"""Reading single values: times and numbers, strictly. Nothing is guessed: what could mean two things is refused."""

import re
from datetime import UTC, datetime, timedelta
from math import isinf, isnan
from typing import NamedTuple

from apps.uploads import rules
from apps.uploads.rules import Rule

# Instrument teams' usual "no value" (ISTP FILLVAL is -1e31).
FILL_VALUES = frozenset({-999.0, -9999.0, 1e31, -1e31})
YEARS = range(1900, 2101)

_plain_minute = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d:00", re.ASCII).fullmatch
_time = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
).fullmatch
_ambiguous = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*", re.ASCII).fullmatch
_decimal_comma = re.compile(r"[+-]?\d+,\d+", re.ASCII).fullmatch
_plain_location = re.compile(r"-?\d{1,2}(?:\.\d+)?\|-?\d{1,3}(?:\.\d+)?", re.ASCII).fullmatch
_number = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII).fullmatch


class WrongCell(ValueError):
    """A value that breaks a rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.cause)
        self.rule = rule


class Minute(NamedTuple):
    """A time as AuroraX takes it, `YYYY-MM-DDTHH:MM:00` in UTC, and what was changed on the way there."""

    text: str
    notices: tuple[Rule, ...] = ()


def minute(value: object) -> Minute:
    """A time of day in UTC. No zone means UTC, an offset is converted, seconds are cut (AuroraX keeps minutes:
    PyAuroraX sends them so). Raises `WrongCell`.
    """
    if not isinstance(value, str):
        raise WrongCell(rules.NOT_A_TIME)
    if _plain_minute(value):  # the shape nearly every row has
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise WrongCell(rules.NO_SUCH_TIME) from None
        return Minute(value)
    return _any_minute(value.strip())


def _any_minute(text: str) -> Minute:
    found = _time(text)
    if found is None:
        raise WrongCell(rules.AMBIGUOUS_TIME if _ambiguous(text) else rules.NOT_A_TIME)
    year, _, month, day, hour, minutes, seconds, fraction, zone = found.groups()
    if hour is None:
        raise WrongCell(rules.NO_TIME_OF_DAY)
    moment = _moment(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minutes}:{seconds or '00'}")
    notices: tuple[Rule, ...] = ()
    if zone and zone.upper() not in ("Z", "UTC"):
        moment = (moment - _offset(zone)).astimezone(UTC)
        notices += (rules.OFFSET,)
    if moment.year not in YEARS:
        raise WrongCell(rules.YEAR)
    if moment.second or (fraction and int(fraction)):
        notices += (rules.SECONDS_CUT,)
    return Minute(moment.strftime("%Y-%m-%dT%H:%M:00"), notices)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise WrongCell(rules.NO_SUCH_TIME) from None


def _offset(zone: str) -> timedelta:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise WrongCell(rules.NOT_A_TIME)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def moment(text: str) -> datetime:
    """A time that `minute` has written, as an aware one."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def plain_location(lat: object, lon: object) -> tuple[float, float] | None:
    """Latitude and longitude where both are plainly written and within -90 to 90 and -180 to 180, as nearly all are.

    None says nothing: look at each with `number` then. (One look at both is three times as fast.)
    """
    if _plain_location(f"{lat}|{lon}"):
        pair = float(lat), float(lon)  # type: ignore[arg-type]
        if -90 <= pair[0] <= 90 and -180 <= pair[1] <= 180:
            return pair
    return None


def number(value: object) -> float | None:
    """A number; None for an empty cell. Raises `WrongCell`, with `FILL_VALUE` where the number stands for none."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise WrongCell(rules.NOT_A_NUMBER)
    if isinstance(value, str):
        value = _number_text(value.strip())
        if value is None:
            return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise WrongCell(rules.NOT_A_NUMBER) from None
    if isnan(found) or found in FILL_VALUES:
        raise WrongCell(rules.FILL_VALUE)
    if isinf(found):
        raise WrongCell(rules.NOT_A_NUMBER)
    return found


def _number_text(text: str) -> str | None:
    """The text when it is a number, None when it is empty or says null. (`float` alone would take 1_000.)"""
    if _number(text) or text.lower() == "nan":
        return text
    if text.lower() in ("", "null", "none"):
        return None
    raise WrongCell(rules.DECIMAL_COMMA if _decimal_comma(text) else rules.NOT_A_NUMBER)
