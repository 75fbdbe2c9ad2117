"""Times of a whole column. What `values.parse_minute` would say of each cell, for those that are plainly right.

ISO,  "2020-01-01 05:30:10+05:30"  -> 2020-01-01T00:00:00, `exact` 1577836810000    OFFSET, SECONDS_CUT
Unix, "1577836799.9996"            -> 2020-01-01T00:00:00                           FLOAT_NOISE
ISO,  "2020-01-01"                 -> 2020-01-01T00:00:00                           DATE_ALONE
ISO,  "2020-01-01T24:00", "soon"   -> deferred
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import polars as pl

from apps.aurorax.times import YEARS
from apps.validation import rounding, rules
from apps.validation.batches import seconds, time_numbers
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.time_texts import TimeParts, parse_texts
from apps.validation.rounding import SECOND_MS, MinuteRounding
from apps.validation.rules import Rule
from apps.validation.time_columns import Bounds
from apps.validation.time_formats import TimeFormat
from apps.validation.time_numbers import COUNTINGS, Counting
from apps.validation.values import LONGEST_OFFSET

WRITTEN_FORMAT = "%Y-%m-%dT%H:%M:00"  # as AuroraX takes it
_CLOCK = r"\d\d:\d\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT)|[+-]\d\d(?::?\d\d)?)?$"
_AS_AURORAX = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:00$"  # as nearly all are
_OFFSET = r"([+-])(\d\d):?(\d\d)?$"


@dataclass(frozen=True)
class Shape:
    """How dates of one spelling look, written out: their pattern, length, and name for the parser."""

    pattern: str
    length: int
    date: str
    day_first: str = ""

    @property
    def whole(self) -> str:
        """The pattern of date and time of day together."""
        return f"^{self.pattern}[T /]{_CLOCK}"


SHAPES = {
    TimeFormat.ISO: Shape(r"\d{4}-\d\d-\d\d", 10, "%Y-%m-%d", "%Y-%d-%m"),
    TimeFormat.SLASHES: Shape(r"\d{4}/\d\d/\d\d", 10, "%Y/%m/%d", "%Y/%d/%m"),
    TimeFormat.DAY_OF_YEAR: Shape(r"\d{4}-\d{3}", 8, "%Y-%j"),
}
# Milliseconds to a unit, and what its digits may be: so few that a double shows on which side of half a millisecond they are.
UNIX = {
    TimeFormat.UNIX_SECONDS: (SECOND_MS, r"^-?\d{1,14}(?:\.\d{1,6})?$"),
    TimeFormat.UNIX_MILLISECONDS: (1, r"^-?\d{1,14}(?:\.\d{1,3})?$"),
}
_WITH_EXPONENT = r"^-?\d(?:\.\d{1,20})?[eE][+-]?\d{1,2}$"  # as numpy writes them: 1.577836800000000000e+09
NEARLY_HALF = 2e-3  # milliseconds beside half of one, in which a double may be on either side
# The first and last second of the years that are taken, since 1970.
FIRST_SECOND, LAST_SECOND = (
    datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS.start, YEARS.stop)
)
# The same in microseconds, as columns have them, and the moment behind the last.
FIRST, BEYOND = int(FIRST_SECOND) * 1_000_000, int(LAST_SECOND) * 1_000_000

LAST_MINUTE = timedelta(minutes=rounding.DAY_MINUTES - 1)  # of a day


class Times(NamedTuple):
    """`minutes`: times in UTC, naive, null where there is none. `texts`: the same as AuroraX takes them. `notices`: what was
    changed, and in which rows. `deferred`: cells that are parsed one by one. `exact`: as they are written, in milliseconds since
    1970; None where all are whole minutes.
    """

    minutes: pl.Series
    texts: pl.Series
    notices: Sequence[tuple[Rule, pl.Series]]
    deferred: pl.Series
    exact: pl.Series | None = None


def times(cells: pl.Series, time_format: TimeFormat, rounding_rule: MinuteRounding) -> Times:
    """Read a column of times, all spelt alike."""
    if time_format in COUNTINGS:
        return _counted(cells, COUNTINGS[time_format], rounding_rule)
    if time_format in UNIX:
        return _unix(cells, *UNIX[time_format], rounding_rule)
    if time_format is TimeFormat.ISO and not rounding_rule.day_first and _is_as_aurorax(cells):
        minutes = cells.str.to_datetime(WRITTEN_FORMAT, strict=False, time_unit="us")
        return _within(Times(minutes, cells, (), pl.Series([False]).new_from_index(0, len(cells))))
    return _written(cells, time_format, rounding_rule)


def _written(cells: pl.Series, time_format: TimeFormat, rounding_rule: MinuteRounding) -> Times:
    """Texts, and digits that are one."""
    if time_format is TimeFormat.YEAR_LAST and rounding_rule.month_first is None:
        return _undecided(cells)
    known, minutes, tail, is_date = _split(cells, time_format, rounding_rule)
    notices: list[tuple[Rule, pl.Series]] = []
    if is_date is not None and rounding_rule.ends_days:
        minutes = minutes.zip_with(~is_date, minutes + LAST_MINUTE)
        notices.append((rules.ALL_DAY, is_date))
    elif is_date is not None:
        notices.append((rules.DATE_ALONE, is_date))
    shifted = null_is_false(tail.str.contains(_OFFSET))
    if shifted.any():
        minutes, known = _shift(minutes, tail, known)
        notices.append((rules.OFFSET, shifted))
    if not null_is_false(tail.str.contains(seconds.HAS_SECONDS)).any():
        return _within(Times(minutes, written(minutes), notices, ~known))
    of_minute, noisy = seconds.parse_seconds(tail)
    whole = seconds.since_1970(minutes)
    rounded = seconds.round_times(whole, whole * rounding.MINUTE_MS + of_minute, noisy, rounding_rule)
    return _times(rounded, notices, ~known)


def _undecided(cells: pl.Series) -> Times:
    """All looked at one by one, which says what there is to ask."""
    minutes = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(cells))
    return Times(minutes, written(minutes), (), pl.Series([True]).new_from_index(0, len(cells)))


def _split(cells: pl.Series, spelling: TimeFormat, rounding_rule: MinuteRounding) -> TimeParts:
    """By the place of each character, where all cells have the shape that nearly all files have: three times as fast."""
    if spelling is TimeFormat.DIGITS:
        return time_numbers.parse_digits(cells)
    shape = SHAPES.get(spelling)
    if shape is not None:
        text = cells.cast(pl.String).str.strip_chars()
        known = text.str.contains(shape.whole)
        if known.all() and not known.has_nulls():
            return TimeParts(known, *_sliced(text, shape, day_first=rounding_rule.day_first))
    return parse_texts(cells, spelling, is_turned=rounding_rule.turns(spelling))


def _sliced(text: pl.Series, shape: Shape, *, day_first: bool) -> tuple[pl.Series, pl.Series]:
    """The minutes as written, and what stands behind those.

    "2020-01-01 05:30:10+05:30" -> 2020-01-01T05:30, ":10+05:30"
    "2020-01-01T24:00"          -> null,             ""    (looked at by itself)
    """
    date = shape.day_first if day_first and shape.day_first else shape.date
    column = pl.col("text")
    clock = pl.concat_str(
        column.str.slice(0, shape.length), column.str.slice(shape.length + 1, 5), separator="T"
    )
    read = pl.DataFrame({"text": text}).select(
        clock.str.to_datetime(f"{date}T%H:%M", strict=False, time_unit="us").alias("minutes"),
        column.str.slice(shape.length + 6).alias("tail"),
    )
    return read["minutes"], read["tail"]


def doubts(minutes: pl.Series, bounds: Bounds) -> list[tuple[Rule, pl.Series]]:
    """Times that cannot be meant, where there are any."""
    found, first, last = [], minutes.min(), minutes.max()
    if isinstance(first, datetime) and first < bounds.earliest:
        found.append((rules.EARLY, null_is_false(minutes < bounds.earliest)))
    if isinstance(last, datetime) and last > bounds.latest:
        found.append((rules.FUTURE, null_is_false(minutes > bounds.latest)))
    return found


def _is_as_aurorax(cells: pl.Series) -> bool:
    """Whether all of them are written as AuroraX takes them, as nearly all files have them."""
    return cells.dtype == pl.String and cells.str.contains(_AS_AURORAX).all() and not cells.has_nulls()


def _times(
    found: seconds.RoundedTimes, notices: Sequence[tuple[Rule, pl.Series]], deferred: pl.Series
) -> Times:
    minutes = (found.minutes * 60_000_000).cast(pl.Datetime("us"))
    return _within(Times(minutes, written(minutes), (*notices, *found.notices), deferred, found.exact))


def written(minutes: pl.Series) -> pl.Series:
    """The minutes as AuroraX takes them."""
    return minutes.dt.to_string(WRITTEN_FORMAT)


def _shift(minutes: pl.Series, tail: pl.Series, known: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Explicit offsets converted to UTC: `05:30`, `+05:30` -> `00:00`; more than 14 hours are not known."""
    parts = tail.str.extract_groups(_OFFSET).struct.unnest()
    sign, hours, rest = (parts[name] for name in parts.columns)
    rest = rest.set(hours.is_not_null() & (rest.fill_null("") == ""), "00")
    offset = hours.cast(pl.Int64) * 60 + rest.cast(pl.Int64)
    right = ((hours.cast(pl.Int64) <= LONGEST_OFFSET) & (rest.cast(pl.Int64) <= 59)).fill_null(value=True)
    ahead = (sign == "+").cast(pl.Int64) * 2 - 1
    by = (offset * ahead).fill_null(0) * 60_000_000
    return minutes - by.cast(pl.Duration("us")), known & right


def _unix(cells: pl.Series, unit: int, plain: str, rounding_rule: MinuteRounding) -> Times:
    """Seconds or milliseconds since 1970; `unit` is in milliseconds."""
    text = cells.cast(pl.String).str.strip_chars()
    has_exponent = null_is_false(text.str.contains(_WITH_EXPONENT))
    deferred = ~null_is_false(text.str.contains(plain)) & ~has_exponent
    # Polars cannot bear moments far outside these years.
    first, last = int(FIRST_SECOND) * SECOND_MS // unit, int(LAST_SECOND) * SECOND_MS // unit
    since = text.cast(pl.Int64, strict=False)
    if not since.has_nulls():
        since = since.set(~since.is_between(first, last), None)
        exact, no = since * unit, pl.Series([False]).new_from_index(0, len(cells))
        return _times(
            seconds.round_times(exact // rounding.MINUTE_MS, exact, no, rounding_rule), (), deferred
        )
    since = text.cast(pl.Float64, strict=False)
    since = since.set(~null_is_false(since.is_between(first, last)), None) * unit
    halves = since + 0.5
    exact = halves.floor().cast(pl.Int64)
    doubtful = null_is_false((halves - halves.round()).abs() < NEARLY_HALF)
    noisy = null_is_false(text.str.contains(r"\.\d{3}\d*[1-9]" if unit == SECOND_MS else r"\.\d*[1-9]"))
    if has_exponent.any():
        beside = (since - exact.cast(pl.Float64)).abs()
        noisy = (noisy & ~has_exponent) | (has_exponent & null_is_false(beside >= NEARLY_HALF))
        doubtful |= has_exponent & null_is_false((beside > 0) & (beside < NEARLY_HALF))
    minutes = (since / rounding.MINUTE_MS).floor().cast(pl.Int64)
    return _times(seconds.round_times(minutes, exact, noisy, rounding_rule), (), deferred | doubtful)


def _counted(cells: pl.Series, counting: Counting, rounding_rule: MinuteRounding) -> Times:
    """Any other number of days, seconds or parts of them."""
    since = time_numbers.milliseconds(time_numbers.numbers_of(cells), counting)
    right = null_is_false(since.is_between(FIRST // 1_000, BEYOND // 1_000))  # polars cannot bear all others
    since = since.set(~right, None)
    exact = (since + 0.5).floor().cast(pl.Int64)
    minutes = (since / rounding.MINUTE_MS).floor().cast(pl.Int64)
    noisy = null_is_false(since != exact.cast(pl.Float64))
    return _times(seconds.round_times(minutes, exact, noisy, rounding_rule), (), ~right)


def _within(found: Times) -> Times:
    """Defers, too, what is no date, and years nobody means."""
    since = found.minutes.cast(pl.Int64)
    first, last = since.min(), since.max()
    if first is not None and not since.has_nulls() and first >= FIRST and last < BEYOND:  # type: ignore[operator]
        return found
    right = null_is_false((since >= FIRST) & (since < BEYOND))
    minutes = found.minutes if right.all() else found.minutes.set(~right, None)
    return found._replace(minutes=minutes, deferred=found.deferred | ~right)
