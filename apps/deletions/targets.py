"""The record types as deleting sees them: how to read what is meant, and how to have it deleted."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from apps.aurorax import AuroraX, DataSource, times
from apps.deletions.models import Deletion
from apps.deletions.survey import RangeSummary
from apps.permissions import Action

Record = dict[str, Any]


class DeletionTarget(ABC):
    """One kind of record."""

    slug: str
    action: Action
    tab: str
    noun: str
    time_field: str

    def survey(self) -> RangeSummary:
        """An empty survey for this kind."""
        return RangeSummary(time_field=self.time_field, listed=self.slug == "products")

    @abstractmethod
    def read(self, client: AuroraX, source: DataSource, deletion: Deletion) -> Iterator[Record]:
        """The records the deletion means, as AuroraX has them now, in the shape of an upload."""

    def look(self, client: AuroraX, source: DataSource, deletion: Deletion) -> RangeSummary:
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


def ends(moments: Sequence[str]) -> tuple[datetime, datetime]:
    """The first and the last of these times, written as at the API."""
    return times.parse(min(moments)), times.parse(max(moments))


TARGETS: dict[str, DeletionTarget] = {}  # by the slug of the record type


def register(target: DeletionTarget) -> None:
    """Make known how records of a type are deleted; called by its app when Django starts."""
    TARGETS[target.slug] = target
