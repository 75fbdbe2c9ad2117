"""The record types as availability sees them: since when there are some, how many a day, how many are usual."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from apps.aurorax import AuroraX, Availability, DataSource, DataSourceStats
from apps.charts.scales import Scale
from apps.records.types import RecordType, type_of


class Span(NamedTuple):
    """The day of the first record and the day of the last, which may lie in the future."""

    first: date
    last: date


class DailyCounts(ABC):
    """What data sources hold of one kind."""

    slug: str
    day_query: str  # asks the kind's page for one day

    @property
    def kind(self) -> RecordType:
        """Its record kind, for words."""
        return type_of(self.slug)

    def link(self, source: DataSource) -> str:
        """The address of a day's records, with `{day}` for the day."""
        return f"{reverse(f'{self.slug}-browse', args=[source.identifier])}?{self.day_query}"

    @abstractmethod
    def total(self, stats: DataSourceStats) -> int:
        """How many records there are."""

    @abstractmethod
    def latest(self, stats: DataSourceStats) -> datetime | None:
        """The last moment of the last record (UTC), which may lie in the future."""

    @abstractmethod
    def span(self, stats: DataSourceStats) -> Span | None:
        """From the first record to the last; None where there are none."""

    @abstractmethod
    def counting(self, client: AuroraX) -> Callable[..., list[Availability]]:
        """What asks AuroraX for the records of each day."""

    @abstractmethod
    def scale(self, counts: Iterable[int]) -> Scale:
        """How the counts of these days are coloured."""

    @abstractmethod
    def month_scale(self, counts: Iterable[int]) -> Callable[[date], Scale]:
        """How the counts of these months are coloured, for each by its first day."""


COUNTS: dict[str, DailyCounts] = {}  # by the slug of the record type


def register(holding: DailyCounts) -> None:
    """Make a record type's counts known; called by its app when Django starts."""
    COUNTS[holding.slug] = holding


def day_url(slug: str, identifier: int, day: date | None) -> str:
    """The page of the records of one day; without a day, of the last one that has any."""
    path = reverse(f"{slug}-browse", args=[identifier])
    return f"{path}?{COUNTS[slug].day_query.format(day=f'{day:%Y-%m-%d}')}" if day else path


def span_of(first: datetime | None, last: datetime | None) -> Span | None:
    """The days of the first and the last record; None where there are none."""
    return Span(first.date(), last.date()) if first and last else None
