"""The two kinds of record as deleting sees them: how to read what is meant, and how to have it deleted."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from apps.aurorax import AuroraX, DataSource, DataSourceStats, times
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

    @abstractmethod
    def delete(
        self, client: AuroraX, source: DataSource, deletion: Deletion, records: Iterator[Record]
    ) -> None:
        """Ask AuroraX to delete `records`, which are what `read` gave and the snapshot holds."""


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

    def delete(
        self, client: AuroraX, source: DataSource, deletion: Deletion, records: Iterator[Record]
    ) -> None:
        """From the first to the last record that was shown: AuroraX knows no other way than a range."""
        first, last = times.parse(deletion.survey["first"]), times.parse(deletion.survey["last"])
        client.ephemeris.delete(source, first, last)


class ProductUrls(Deletable):
    """Data products go by their URLs (API: DELETE /data_sources/{identifier}/data_products)."""

    slug = "products"
    action = Action.PRODUCTS_DELETE
    tab = "Data products"
    noun = "data product"
    time_field = "start"

    def read(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Iterator[Record]:
        """Those with the chosen URLs; without a choice all that lie wholly within the span."""
        chosen = set(deletion.chosen_urls)
        for record in client.products.search(source, deletion.start, deletion.end):
            if not chosen or record.url in chosen:
                yield record.to_api()

    def delete(
        self, client: AuroraX, source: DataSource, deletion: Deletion, records: Iterator[Record]
    ) -> None:
        """Exactly these URLs."""
        client.products.delete(source, [record["url"] for record in records])


def _with_records(
    client: AuroraX, source: DataSource, start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """The part of a long range that can hold records, by the source's own first and last."""
    stats = client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()
    return max(start, stats.earliest_ephemeris_loaded or end), min(end, stats.latest_ephemeris_loaded or end)


DELETABLES: dict[str, Deletable] = {each.slug: each for each in (EphemerisRange(), ProductUrls())}
