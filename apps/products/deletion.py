"""Deleting data products: by their URLs."""

from collections.abc import Iterable, Iterator, Sequence

from apps.aurorax import AuroraX, DataProductRecord, DataSource, times
from apps.deletions.models import Deletion
from apps.deletions.survey import RangeSummary
from apps.deletions.targets import DeletionTarget, Record, ends
from apps.permissions import Action


class ProductDeletion(DeletionTarget):
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

    def look(self, client: AuroraX, source: DataSource, deletion: Deletion) -> RangeSummary:
        """Those that begin before the span or end after it, however long they are."""
        survey = self.survey()
        if not deletion.chosen_urls:
            touching = client.products.found(source, deletion.start, deletion.end, refresh=True)
            survey.edges = [record.to_api() for record in touching if not _is_within(record, deletion)]
        return survey

    def held(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> Iterator[Record]:
        """By search. Of those in the span only these URLs are meant; the others are nobody's business here."""
        meant = {record["url"] for record in records}
        span = ends([record[name] for record in records for name in ("start", "end")])
        found = client.products.search(source, *span)
        return (record.to_api() for record in found if record.url in meant)

    def delete(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> None:
        """Exactly these URLs."""
        client.products.delete(source, [record["url"] for record in records])

    def key(self, record: Record) -> str:
        """The URL."""
        return str(record["url"])


def _is_within(record: DataProductRecord, deletion: Deletion) -> bool:
    return deletion.start <= record.start and record.end <= deletion.end


def _held(client: AuroraX, source: DataSource, deletion: Deletion) -> Iterable[DataProductRecord]:
    """All that the deletion could mean. Once it has been looked at, how far the chosen ones reach is known."""
    if deletion.edge_urls and not deletion.survey:
        return client.products.found(source, deletion.start, deletion.end, refresh=True)
    edges = [each for each in deletion.survey.get("edges", []) if each["url"] in deletion.edge_urls]
    first = min([deletion.start, *(times.parse(each["start"]) for each in edges)])
    last = max([deletion.end, *(times.parse(each["end"]) for each in edges)])
    return client.products.search(source, first, last)
