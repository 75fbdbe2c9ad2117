"""Numbers as times, of whole columns: what `validation.time_numbers` makes of each."""

import polars as pl

from apps.validation import leap_seconds
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.time_texts import TimeParts, parse_texts
from apps.validation.time_formats import TimeFormat
from apps.validation.time_numbers import Counting

# Numbers that polars and Python read alike; anything else is looked at by itself.
PLAIN = r"^-?[0-9]{1,19}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?$"


def numbers_of(cells: pl.Series) -> pl.Series:
    """As doubles; null for what is no plain number."""
    if cells.dtype.is_numeric():
        return cells.cast(pl.Float64)
    text = cells.cast(pl.String).str.strip_chars()
    return text.set(~null_is_false(text.str.contains(PLAIN)), None).cast(pl.Float64, strict=False)


def milliseconds(numbers: pl.Series, counting: Counting) -> pl.Series:
    """Since 1970; null for what is no time."""
    found = (numbers - counting.origin) * counting.factor / counting.divisor + counting.offset
    return found - _ahead(found) if counting.has_leap_seconds else found


def _ahead(tai: pl.Series) -> pl.Series:
    """What TAI is ahead of UTC; null before 1972."""
    places = pl.Series(leap_seconds.SINCE).search_sorted(tai.fill_null(0.0), side="right")
    known = pl.Series([None, *leap_seconds.AHEAD], dtype=pl.Float64)
    return known.gather(places)


def parse_digits(cells: pl.Series) -> TimeParts:
    """Digits YYYYMMDDhhmm, with or without what is behind the day."""
    numbers = numbers_of(cells)
    whole = null_is_false((numbers == numbers.floor()) & (numbers.abs() < 1e15))
    texts = numbers.set(~whole, None).cast(pl.Int64).cast(pl.String)
    return parse_texts(texts, TimeFormat.DIGITS, is_turned=False)
