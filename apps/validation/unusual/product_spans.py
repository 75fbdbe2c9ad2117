"""What is odd about single data products of a file, counted by kind of oddity."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
import polars as pl

from apps.aurorax.times import parse
from apps.validation.row import Record
from apps.validation.unusual.remark import LISTED, Known, Remark
from apps.validation.unusual.summaries import Oddity, ProductSummary, SpanExample, as_json
from apps.validation.unusual.watching import Columns, Watched

# How long a data product of its type is at most: a night, or a day and what is around it.
A_NIGHT = ("keogram", "montage", "movie")
LONGEST_NIGHT = 26  # hours
# A date in a name: year, month, day, with nothing but a separator between, and no digit around.
DATE = r"(?:^|[^0-9])((?:19|20)[0-9]{2})[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)"
SCHEME = r"^[A-Za-z][A-Za-z0-9+.-]*://"
TEXTS = {
    "long": "{products} of one picture or film {last} longer than a night: the first is {example}. Is the end right?",
    "other-date": "{products} {have} another date in the name than in start and end: the first is {example}.",
    "no-scheme": "{products} {have} no address that begins with https:// or alike: {example}. People could not follow it.",
    "blanks": "{products} {have} blanks in the address: {example}. Browsers would look for another file.",
}


class WatchedProducts(Watched):
    """Times, types and addresses of data products."""

    columns: ClassVar[Columns] = {
        "first": pl.Datetime("us"),
        "last": pl.Datetime("us"),
        "url": pl.String,
        "data_product_type": pl.String,
    }

    def __init__(self) -> None:
        self._found = ProductSummary()

    def seen_of(self, record: Record) -> Sequence[Any]:
        """Its span, address and type."""
        first, last = (parse(record[name]).replace(tzinfo=None) for name in ("start", "end"))
        return first, last, record["url"], record["data_product_type"]

    def summary(self) -> dict[str, Any]:
        """As `ProductSummary`."""
        return as_json(self._found)

    @classmethod
    def remarks(cls, summary: Mapping[str, Any], known: Known) -> Sequence[Remark]:  # noqa: ARG003 - for all alike
        """A sentence for each kind of oddity."""
        found = msgspec.convert(summary, ProductSummary)
        return [_remark(kind, found.odd[kind]) for kind in TEXTS if kind in found.odd]

    def observe(self, records: pl.DataFrame) -> None:
        """Take up the records of a batch."""
        self._found.records += len(records)
        for kind, odd, text in _oddities(records):
            if odd.any():
                self._note(kind, records.filter(odd), text)

    def _note(self, kind: str, records: pl.DataFrame, text: pl.Expr) -> None:
        oddity = self._found.odd.setdefault(kind, Oddity())
        oddity.count += len(records)
        few = records.head(LISTED - len(oddity.examples)).select("line", text.alias("text"))
        oddity.examples += [SpanExample(line, example) for line, example in few.iter_rows()]


def _oddities(records: pl.DataFrame) -> Iterator[tuple[str, pl.Series, pl.Expr]]:
    """Kind, which records, and what is said of one."""
    url = records["url"]
    span = (
        pl.col("first").dt.to_string("%Y-%m-%dT%H:%M")
        + " to "
        + pl.col("last").dt.to_string("%Y-%m-%dT%H:%M")
    )
    hours = (records["last"] - records["first"]).dt.total_hours()
    yield "long", records["data_product_type"].is_in(A_NIGHT) & (hours > LONGEST_NIGHT), span
    yield "other-date", _names_another_day(records), pl.col("url").str.slice(0, 200) + ", " + span
    yield "no-scheme", ~url.str.contains(SCHEME), pl.col("url").str.slice(0, 200)
    yield "blanks", url.str.contains(r"\S\s+\S"), pl.col("url").str.slice(0, 200)


def _names_another_day(records: pl.DataFrame) -> pl.Series:
    """The last part of the address holds one date, and that is none of its days, nor the day before or after: a night has
    two dates, and no zone is further away.
    """
    name = pl.col("url").str.extract(r"([^/]*)/?$", 1)
    parts = [name.str.extract(DATE, group) for group in (1, 2, 3)]
    named = pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)
    first, last = pl.col("first").dt.date(), pl.col("last").dt.date()
    is_other = (named < first.dt.offset_by("-1d")) | (named > last.dt.offset_by("1d"))
    return records.select(is_other.fill_null(value=False).alias("odd"))["odd"]


def _remark(kind: str, oddity: Oddity) -> Remark:
    one = oddity.count == 1
    text = TEXTS[kind].format(
        products=f"{oddity.count:,} data product{'' if one else 's'}",
        have="has" if one else "have",
        last="lasts" if one else "last",
        example=oddity.examples[0].text,
    )
    return Remark(kind, text, count=oddity.count, rows=sorted(each.row for each in oddity.examples))
