"""The two kinds of record as deleting sees them: how to read what is meant, and how to have it deleted."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats, times
from apps.permissions import Action
from apps.uploads.models.deletion import Deletion
from apps.uploads.survey import Survey

Record = dict[str, Any]
LONG = timedelta(days=366)  # a range longer than this is first narrowed to where there are records


class Deletable(ABC):
    """One kind of record."""

    slug: str
    action: Action
    tab: str
    noun: str
    time_field: str

    def survey(self) -> Survey:
        """An empty survey for this kind."""
        return Survey(time_field=self.time_field, listed=self.slug == "products")

    @abstractmethod
    def read(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Iterator[Record]:
        """The records the deletion means, as AuroraX has them now, in the shape of an upload."""

    def look(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Survey:
        """An empty survey that knows which records only touch the range, whether they are meant or not."""
        return self.survey()

    @abstractmethod
    def held(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> Iterator[Record]:
        """What AuroraX holds now from the first of these records to the last, in its order."""

    @abstractmethod
    def delete(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> None:
        """Ask AuroraX to delete these records, between which it holds no others."""

    @abstractmethod
    def key(self, record: Record) -> str:
        """What AuroraX keeps a record by, within its data source."""


class EphemerisRange(Deletable):
    """Ephemeris records go by range (API: DELETE /data_sources/{identifier}/ephemeris; asynchronous)."""

    slug = "ephemeris"
    action = Action.EPHEMERIS_DELETE
    tab = "Ephemeris"
    noun = "ephemeris record"
    time_field = "epoch"

    def read(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Iterator[Record]:
        """Everything from start to end, both inclusive; years that AuroraX knows to be empty are not searched."""
        start, end = deletion.start, deletion.end
        if end - start > LONG:
            start, end = _with_records(client, source, start, end)
        return (record.to_api() for record in client.ephemeris.search(source, start, end))

    def held(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> Iterator[Record]:
        """By search."""
        first, last = _ends([record["epoch"] for record in records])
        return (record.to_api() for record in client.ephemeris.search(source, first, last))

    def delete(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> None:
        """From the first to the last: AuroraX knows no other way than a range."""
        client.ephemeris.delete(source, *_ends([record["epoch"] for record in records]))

    def key(self, record: Record) -> str:
        """The epoch."""
        return str(record["epoch"])


class ProductUrls(Deletable):
    """Data products go by their URLs (API: DELETE /data_sources/{identifier}/data_products)."""

    slug = "products"
    action = Action.PRODUCTS_DELETE
    tab = "Data products"
    noun = "data product"
    time_field = "start"

    def read(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Iterator[Record]:
        """Those with the chosen URLs; without a choice all that lie wholly within the span, and the chosen of the others
        that touch it.
        """
        chosen, edges = set(deletion.chosen_urls), set(deletion.edge_urls)
        for record in _held(client, source, deletion):
            if record.url in chosen or (not chosen and (record.url in edges or _is_within(record, deletion))):
                yield record.to_api()

    def look(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Survey:
        """Those that begin before the span or end after it, however long they are."""
        survey = self.survey()
        if not deletion.chosen_urls:
            touching = client.products.found(source, deletion.start, deletion.end, anew=True)
            survey.edges = [record.to_api() for record in touching if not _is_within(record, deletion)]
        return survey

    def held(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> Iterator[Record]:
        """By search. Of those in the span only these URLs are meant; the others are nobody's business here."""
        meant = {record["url"] for record in records}
        span = _ends([record[name] for record in records for name in ("start", "end")])
        found = client.products.search(source, *span)
        return (record.to_api() for record in found if record.url in meant)

    def delete(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> None:
        """Exactly these URLs."""
        client.products.delete(source, [record["url"] for record in records])

    def key(self, record: Record) -> str:
        """The URL."""
        return str(record["url"])


def _ends(moments: Sequence[str]) -> tuple[datetime, datetime]:
    return times.parse(min(moments)), times.parse(max(moments))


def _is_within(record: DataProductRecord, deletion: Deletion) -> bool:
    return deletion.start <= record.start and record.end <= deletion.end


def _held(client: AuroraX, source: DataSource, deletion: Deletion) -> Iterable[DataProductRecord]:
    """All that the deletion could mean. Once it has been looked at, how far the chosen ones reach is known."""
    if deletion.edge_urls and not deletion.survey:
        return client.products.found(source, deletion.start, deletion.end, anew=True)
    edges = [each for each in deletion.survey.get("edges", []) if each["url"] in deletion.edge_urls]
    first = min([deletion.start, *(times.parse(each["start"]) for each in edges)])
    last = max([deletion.end, *(times.parse(each["end"]) for each in edges)])
    return client.products.search(source, first, last)


def _with_records(
    client: AuroraX, source: DataSource, start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """The part of a long range that can hold records, by the source's own first and last."""
    stats = client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()
    return max(start, stats.earliest_ephemeris_loaded or end), min(end, stats.latest_ephemeris_loaded or end)


DELETABLES: dict[str, Deletable] = {each.slug: each for each in (EphemerisRange(), ProductUrls())}
