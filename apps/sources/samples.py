"""Some of the records of a data source: its first day, its last, and one in the middle."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apps.aurorax import AuroraX, DataSource, DataSourceStats, MetadataField
from apps.records.types import RecordRow, RecordType, record_types

DAY = timedelta(days=1)
MOST_RECORDS = 5_000  # of one day: a minute each are 1,440


def kind_described_by(schema: str) -> RecordType:
    """The record type whose metadata this schema (a field of a data source) describes."""
    probe = DataSource(0, **{schema: (MetadataField("probe"),)})  # type: ignore[arg-type]
    return next(kind for kind in record_types() if kind.schema(probe))


def sample(client: AuroraX, source: DataSource, kind: RecordType) -> Iterator[RecordRow]:
    """Records of up to three days. `source` is read with its statistics. Raises `errors.AuroraXError`."""
    for day in days_to_look_at(source, kind):
        found = kind.search(client, source, day, day + DAY - timedelta(seconds=1))
        for number, row in enumerate(found):
            if number >= MOST_RECORDS:
                break
            yield row


def days_to_look_at(source: DataSource, kind: RecordType) -> list[datetime]:
    """Midnights (UTC) of the last day, the first, and one between."""
    stats = source.stats or DataSourceStats()
    first, last = kind.counts.earliest(stats), kind.counts.latest(stats)
    if first is None or last is None:
        return []
    days = [each.replace(hour=0, minute=0, second=0, microsecond=0) for each in (last, first)]
    between = days[1] + (days[0] - days[1]) / 2
    return list(dict.fromkeys([*days, between.replace(hour=0, minute=0, second=0, microsecond=0)]))
