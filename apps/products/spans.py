"""Spans of days, and the data products that touch them: a product is shown on every day it has to do with.

It counts, here and in the calendar, on the day it starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats
from apps.aurorax.overlaps import is_many
from apps.aurorax.times import DAY, SECOND
from apps.products.record_type import PRODUCTS
from apps.records.listing import Listing, url_key


@dataclass(frozen=True)
class DaySpan:
    """Days of one source, both included; perhaps only one type of product."""

    source: DataSource
    first: date
    last: date
    type: str = ""

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and last second of the span, UTC."""
        start, end = (datetime.combine(day, time(), UTC) for day in (self.first, self.last))
        return start, end + DAY - SECOND

    @property
    def is_many(self) -> bool:
        """Whether the source has so many products that very long ones are not looked for among all of them."""
        return is_many(self.stats)

    @property
    def stats(self) -> DataSourceStats:
        """What the source holds at all; zero where it was read without."""
        return self.source.stats or DataSourceStats()

    @property
    def earlier(self) -> tuple[date, date] | None:
        """The span of the same length before this one, if it can hold anything."""
        earliest = self.stats.earliest_data_product_loaded
        length = self.last - self.first + DAY
        return (
            (self.first - length, self.last - length) if earliest and earliest.date() < self.first else None
        )

    @property
    def later(self) -> tuple[date, date] | None:
        """The span of the same length after this one, if it can hold anything."""
        latest = self.stats.latest_data_product_loaded
        return self.following if latest and latest.date() > self.last else None

    @property
    def following(self) -> tuple[date, date]:
        """The span of the same length after this one, whatever it holds."""
        length = self.last - self.first + DAY
        return self.first + length, self.last + length

    def listing(self, client: AuroraX) -> Listing[DataProductRecord]:
        """The data products of this span and type, by start."""
        start, end = self.bounds
        types = [self.type] if self.type else []
        days = [self.first.isoformat(), self.last.isoformat()]
        query = {"first": days[0], "last": days[1]} | ({"type": self.type} if self.type else {})
        of_type = f"of type {self.type} " if self.type else ""
        words = f"{of_type}on {' to '.join(dict.fromkeys(days))} (UTC)"

        def read() -> Sequence[DataProductRecord]:
            return client.products.found(self.source, start, end, types=types)

        return Listing(PRODUCTS, self.source, query, words, start, end, key_of, read)


def span_of(source: DataSource, *, first: date | None, last: date | None, type_: str = "") -> DaySpan | None:
    """The span asked for; one end alone is one day; nothing asked is the day of the last product.

    None when nothing was asked and the source has no data products.
    """
    latest = source.stats.latest_data_product_loaded if source.stats else None
    first = first or last or (latest.date() if latest else None)
    return DaySpan(source, first, last or first, type_) if first else None


def edge_words(record: DataProductRecord, first: date, last: date) -> str:
    """What of a product lies outside the days shown: "from the day before", "until 2021-02-01"; empty for nothing."""
    start, end = record.start.date(), record.end.date()
    words = []
    if start < first:
        words.append("from the day before" if start == first - DAY and first == last else f"from {start}")
    if end > last:
        words.append("into the next day" if end == last + DAY and first == last else f"until {end}")
    return ", ".join(words)


def key_of(record: DataProductRecord) -> str:
    """Stands for its URL."""
    return url_key(record.url)


def is_link(url: str) -> bool:
    """Whether a URL is one to follow: AuroraX stores any text, and `javascript:` is not where anybody should go."""
    return url.lower().startswith(("http://", "https://"))


def file_name(url: str) -> str:
    """The last part of a URL's path, by which people know the product; all of it where there is no such part."""
    return url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or url
