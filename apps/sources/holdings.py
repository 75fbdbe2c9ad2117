"""What a data source holds of each record type, by its statistics."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.aurorax import DataSource, DataSourceStats
from apps.permissions import decide
from apps.records.types import RecordType, record_types


@dataclass(frozen=True)
class Holding:
    """Of one record type: how many, since when and until when (UTC; None where there are none)."""

    kind: RecordType
    count: int
    first: datetime | None
    last: datetime | None
    browse_url: str
    delete_url: str
    upload_url: str = ""  # for who may upload there


def holdings_of(source: DataSource, stats: DataSourceStats, *, by: User | None = None) -> list[Holding]:
    """One for each record type, also where there are no records of it; `by` is who looks."""
    return [_holding(kind, source, stats, by) for kind in record_types()]


def _holding(kind: RecordType, source: DataSource, stats: DataSourceStats, by: User | None) -> Holding:
    counts, identifier = kind.counts, source.identifier
    may_upload = by is not None and decide(by, kind.actions.create, source)
    return Holding(
        kind,
        counts.total(stats),
        counts.earliest(stats),
        counts.latest(stats),
        kind.url("browse", identifier),
        kind.url("delete", identifier),
        kind.url("upload", identifier) if may_upload else "",
    )
