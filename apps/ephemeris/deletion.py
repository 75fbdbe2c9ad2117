"""Deleting ephemeris records: AuroraX knows no other way than by range."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from apps.aurorax import AuroraX, DataSource, DataSourceStats
from apps.deletions.models import Deletion
from apps.deletions.targets import DeletionTarget, Record, ends
from apps.permissions import Action

LONG = timedelta(days=366)  # a range longer than this is first narrowed to where there are records


class EphemerisDeletion(DeletionTarget):
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
        first, last = ends([record["epoch"] for record in records])
        return (record.to_api() for record in client.ephemeris.search(source, first, last))

    def delete(self, client: AuroraX, source: DataSource, records: Sequence[Record]) -> None:
        """From the first to the last: AuroraX knows no other way than a range."""
        client.ephemeris.delete(source, *ends([record["epoch"] for record in records]))

    def key(self, record: Record) -> str:
        """The epoch."""
        return str(record["epoch"])


def _with_records(
    client: AuroraX, source: DataSource, start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """The part of a long range that can hold records, by the source's own first and last."""
    stats = client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()
    return max(start, stats.earliest_ephemeris_loaded or end), min(end, stats.latest_ephemeris_loaded or end)
