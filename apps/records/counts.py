"""How many records of a type there are: since when, how many a day, how many are usual."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from apps.aurorax import AuroraX, Availability, DataSourceStats
from apps.charts.scales import Scale


class Span(NamedTuple):
    """The day of the first record and the day of the last, which may lie in the future."""

    first: date
    last: date


class DailyCounts(ABC):
    """What data sources hold of one record type, by their statistics and day by day."""

    @abstractmethod
    def total(self, stats: DataSourceStats) -> int:
        """How many records there are."""

    @abstractmethod
    def earliest(self, stats: DataSourceStats) -> datetime | None:
        """The first moment of the first record (UTC)."""

    @abstractmethod
    def latest(self, stats: DataSourceStats) -> datetime | None:
        """The last moment of the last record (UTC), which may lie in the future."""

    @abstractmethod
    def counting(self, client: AuroraX) -> Callable[..., list[Availability]]:
        """What asks AuroraX for the records of each day."""

    @abstractmethod
    def scale(self, counts: Iterable[int]) -> Scale:
        """How the counts of these days are coloured."""

    @abstractmethod
    def month_scale(self, counts: Iterable[int]) -> Callable[[date], Scale]:
        """How the counts of these months are coloured, for each by its first day."""

    def span(self, stats: DataSourceStats) -> Span | None:
        """From the first record to the last; None where there are none."""
        first, last = self.earliest(stats), self.latest(stats)
        return Span(first.date(), last.date()) if first and last else None
