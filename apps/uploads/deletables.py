"""The two kinds of record as deleting sees them: how to read what is meant, and how to have it deleted."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from apps.aurorax import AuroraX, DataSource
from apps.permissions import Action
from apps.uploads.models.deletion import Deletion
from apps.uploads.survey import Survey

Record = dict[str, Any]


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
        """Everything from start to end, both inclusive."""
        return (record.to_api() for record in client.ephemeris.search(source, deletion.start, deletion.end))

    def delete(
        self, client: AuroraX, source: DataSource, deletion: Deletion, records: Iterator[Record]
    ) -> None:
        """By the range: AuroraX knows no other way."""
        client.ephemeris.delete(source, deletion.start, deletion.end)


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


DELETABLES: dict[str, Deletable] = {each.slug: each for each in (EphemerisRange(), ProductUrls())}
