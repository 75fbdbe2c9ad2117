"""Times as texts, of whole columns: what `validation.time_texts` finds in each, laid out alike.

"2020-01-01 12:01:30 AM+05:30", ISO        -> True,  2020-01-01T00:01, ":30.0+05:30"
"01-Jan-2020 00:01:00", day, name, year    -> True,  2020-01-01T00:01, ":00.0"
"2020-01-01", ISO                          -> True,  2020-01-01T00:00, ":00.0", is_date
"2020-01-01T24:00"                         -> False, null: looked at by itself
"""

from typing import NamedTuple

import polars as pl

from apps.validation.batches.masks import null_is_false
from apps.validation.time_formats import TimeFormat
from apps.validation.time_texts import MONTHS, PATTERNS, TURNABLE, UTC_NAMES

MOST_DIGITS = 9  # of a second
_NAMES = ("year", "month", "day", "day_of_year", "hour", "minute", "second", "fraction", "half", "zone")


class TimeParts(NamedTuple):
    """Which cells are plainly times of the spelling, their minutes as written, and seconds and zone behind those; which are
    dates alone, None where none is.
    """

    known: pl.Series
    minutes: pl.Series
    tail: pl.Series
    is_date: pl.Series | None = None


def parse_texts(cells: pl.Series, spelling: TimeFormat, *, is_turned: bool) -> TimeParts:
    """Read a column, all spelt alike."""
    text = cells.cast(pl.String).str.strip_chars().rename("text")
    found = pl.DataFrame([text]).select(
        pl.col("text").str.extract_groups(f"^(?:{PATTERNS[spelling]})$").alias("found")
    )
    frame = found.unnest("found")
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _NAMES if name not in frame.columns
    )
    if "name" in frame.columns:
        frame = frame.with_columns(
            pl.col("name").str.to_lowercase().replace_strict(MONTHS, default=None).alias("month")
        )
    date, written = _date(spelling, is_turned=is_turned)
    read = frame.select(
        pl.concat_str(date, pl.lit("T00:00"))
        .str.to_datetime(f"{written}T%H:%M", strict=False, time_unit="us")
        .alias("day"),
        (_hour() * 60 + pl.col("minute").fill_null("0").cast(pl.Int64)).alias("minutes"),
        _is_plain().alias("is_plain"),
        _tail().alias("tail"),
        (pl.col("year").is_not_null() & pl.col("hour").is_null()).alias("is_date"),
    )
    minutes = read["day"] + (read["minutes"] * 60_000_000).cast(pl.Duration("us"))
    known = null_is_false(read["is_plain"]) & minutes.is_not_null()
    is_date = read["is_date"] & known
    return TimeParts(known, minutes, read["tail"].fill_null(""), is_date if is_date.any() else None)


def _date(spelling: TimeFormat, *, is_turned: bool) -> tuple[pl.Expr, str]:
    if spelling is TimeFormat.DAY_OF_YEAR:
        return pl.concat_str("year", "day_of_year", separator="-"), "%Y-%j"
    month, day = pl.col("month").str.zfill(2), pl.col("day").str.zfill(2)
    if is_turned and spelling in TURNABLE:
        month, day = day, month
    return pl.concat_str("year", month, day, separator="-"), "%Y-%m-%d"


def _hour() -> pl.Expr:
    """From 0; null where a clock has no such hour."""
    hour = pl.col("hour").fill_null("0").cast(pl.Int64)
    of_half = hour % 12 + 12 * pl.col("half").is_in(["P", "p"]).cast(pl.Int64)
    whole = pl.when(hour < 24).then(hour)
    return pl.when(pl.col("half").is_null()).then(whole).when(hour.is_between(1, 12)).then(of_half)


def _is_plain() -> pl.Expr:
    few_digits = pl.col("fraction").str.len_bytes().fill_null(0) <= MOST_DIGITS
    sixty = (pl.col("minute").fill_null("00") < "60") & (pl.col("second").fill_null("00") < "60")
    return pl.col("year").is_not_null() & few_digits & sixty


def _tail() -> pl.Expr:
    """`:30.5+05:30`; nothing for UTC."""
    zone = pl.col("zone").fill_null("")
    offset = pl.when(~zone.str.to_lowercase().is_in(list(UTC_NAMES))).then(zone).otherwise(pl.lit(""))
    return pl.concat_str(
        pl.lit(":"),
        pl.col("second").fill_null("00"),
        pl.lit("."),
        pl.col("fraction").fill_null("0"),
        offset,
    )
