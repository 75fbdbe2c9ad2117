"""The data products of a span of time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats
from apps.uploads.record_forms import as_text

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Span:
    """Days, both included, with the data products that lie wholly within them, by start."""

    first: date
    last: date
    records: list[DataProductRecord]
    stats: DataSourceStats

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and last second of the span, UTC."""
        return bounds(self.first, self.last)

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
        length = self.last - self.first + DAY
        return (self.first + length, self.last + length) if latest and latest.date() > self.last else None


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """First and last second of days, UTC."""
    return datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC) + DAY - SECOND


def browse(
    *, client: AuroraX, source: DataSource, first: date | None, last: date | None, type_: str = ""
) -> Span | None:
    """The span asked for; one end alone is one day; nothing asked is the day of the last product.

    None when nothing was asked and the source has no data products.
    """
    stats = client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()
    latest = stats.latest_data_product_loaded
    first = first or last or (latest.date() if latest else None)
    if first is None:
        return None
    last = last or first
    types = [type_] if type_ else []
    records = list(client.products.search(source, *bounds(first, last), types=types))
    return Span(first, last, records, stats)


def row_of(record: DataProductRecord) -> tuple[DataProductRecord, bool, list[tuple[str, str]]]:
    """A record for the table: itself, whether its URL is one to follow, and its metadata as text."""
    metadata = [(name, as_text(value)) for name, value in (record.metadata or {}).items()]
    return record, is_link(record.url), metadata


def is_link(url: str) -> bool:
    """Whether a URL is one to follow: AuroraX stores any text, and `javascript:` is not where anybody should go."""
    return url.lower().startswith(("http://", "https://"))
