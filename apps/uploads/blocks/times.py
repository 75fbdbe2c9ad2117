"""Times of a whole column. What `cells.minute` would say of each cell, for those that are plainly right."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from apps.uploads.blocks.certain import certain
from apps.uploads.cells import LONGEST_OFFSET, YEARS, Spelling

MINUTE = "%Y-%m-%dT%H:%M:00"  # as AuroraX takes it
_CLOCK = r"\d\d:\d\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC)|[+-]\d\d:?\d\d)?$"
_AS_AURORAX = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:00$"  # as nearly all are
_CUT = r"^:(?:0[1-9]|[1-5]\d|00[.,]\d*[1-9])"
_OFFSET = r"([+-])(\d\d):?(\d\d)$"


@dataclass(frozen=True)
class Shape:
    """How dates of one spelling look, written out: their pattern, length, and name for the parser."""

    pattern: str
    length: int
    date: str

    @property
    def whole(self) -> str:
        """The pattern of date and time of day together."""
        return f"^{self.pattern}[T ]{_CLOCK}"


SHAPES = {
    Spelling.ISO: Shape(r"\d{4}-\d\d-\d\d", 10, "%Y-%m-%d"),
    Spelling.SLASHES: Shape(r"\d{4}/\d\d/\d\d", 10, "%Y/%m/%d"),
    Spelling.DAY_OF_YEAR: Shape(r"\d{4}-\d{3}", 8, "%Y-%j"),
}
UNIX = {Spelling.UNIX_SECONDS: 1, Spelling.UNIX_MILLISECONDS: 1000}
# The first and last second of the years that are taken, since 1970.
FIRST_SECOND, LAST_SECOND = (
    datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS.start, YEARS.stop)
)
# The same, naive as columns have them, and the moment behind the last.
FIRST, BEYOND = (datetime(year, 1, 1) for year in (YEARS.start, YEARS.stop))  # noqa: DTZ001


class Times(NamedTuple):
    """`minutes`: times in UTC, naive, null where there is none. `texts`: the same as AuroraX takes them. `shifted`: an
    offset was converted. `cut`: seconds were cut. `odd`: cells to be looked at one by one.
    """

    minutes: pl.Series
    texts: pl.Series
    shifted: pl.Series
    cut: pl.Series
    odd: pl.Series


def times(cells: pl.Series, spelling: Spelling) -> Times:
    """Read a column of times, all spelt alike."""
    if spelling in UNIX:
        return _unix(cells, UNIX[spelling])
    no = pl.Series([False]).new_from_index(0, len(cells))
    if cells.dtype == pl.String and cells.str.contains(_AS_AURORAX).all() and not cells.has_nulls():
        minutes = cells.str.to_datetime(MINUTE, strict=False, time_unit="us")
        return _within(Times(minutes, cells, no, no, no))
    shape = SHAPES[spelling]
    text = pl.col("text").cast(pl.String).str.strip_chars()
    clock = pl.concat_str(text.str.slice(0, shape.length), text.str.slice(shape.length + 1, 5), separator="T")
    found = pl.DataFrame({"text": cells}).select(
        text.str.contains(shape.whole).fill_null(value=False).alias("known"),
        clock.str.to_datetime(f"{shape.date}T%H:%M", strict=False, time_unit="us").alias("minutes"),
        text.str.slice(shape.length + 6).alias("tail"),
    )
    known, minutes, tail = found
    cut = certain(tail.str.contains(_CUT))
    shifted = certain(tail.str.contains(_OFFSET))
    if shifted.any():
        minutes, known = _shift(minutes, tail, known)
    return _within(Times(minutes, written(minutes), shifted, cut, ~known))


def written(minutes: pl.Series) -> pl.Series:
    """The minutes as AuroraX takes them."""
    return minutes.dt.to_string(MINUTE)


def _shift(minutes: pl.Series, tail: pl.Series, known: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Convert explicit offsets to UTC."""
    parts = tail.str.extract_groups(_OFFSET).struct.unnest()
    sign, hours, rest = (parts[name] for name in parts.columns)
    offset = hours.cast(pl.Int64) * 60 + rest.cast(pl.Int64)
    right = ((hours.cast(pl.Int64) <= LONGEST_OFFSET) & (rest.cast(pl.Int64) <= 59)).fill_null(value=True)
    ahead = (sign == "+").cast(pl.Int64) * 2 - 1
    by = (offset * ahead).fill_null(0) * 60_000_000
    return minutes - by.cast(pl.Duration("us")), known & right


def _unix(cells: pl.Series, a_second: int) -> Times:
    """Seconds or milliseconds since 1970."""
    plain = cells.cast(pl.String).str.strip_chars().str.contains(r"^-?\d{1,14}(?:\.\d{1,6})?$")
    since = cells.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False) / a_second
    # Polars cannot bear moments far outside these years.
    inside = certain(since.is_between(FIRST_SECOND, LAST_SECOND))
    since = pl.select(pl.when(inside).then(since)).to_series()
    minutes = (since / 60).floor()
    moments = (minutes * 60_000_000).cast(pl.Int64, strict=False).cast(pl.Datetime("us"))
    cut = certain(since > minutes * 60)
    no = pl.Series([False]).new_from_index(0, len(cells))
    return _within(Times(moments, written(moments), no, cut, ~certain(plain)))


def _within(found: Times) -> Times:
    """Odd, too: what is no date, and years nobody means."""
    right = certain((found.minutes >= FIRST) & (found.minutes < BEYOND))
    return found._replace(odd=found.odd | ~right)
