"""The two kinds of record as availability sees them: since when there are some, how many a day, how many are usual."""

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from apps.aurorax import AuroraX, Availability, DataSource, DataSourceStats
from apps.ui.scales import Scale, usual
from apps.uploads.kinds import RecordKind, kind_of

MINUTES = 1440  # of a day: AuroraX keeps one ephemeris record a minute


class Span(NamedTuple):
    """The day of the first record and the day of the last, which may lie in the future."""

    first: date
    last: date


class Holding(ABC):
    """What data sources hold of one kind."""

    slug: str
    day_query: str  # asks the kind's page for one day

    @property
    def kind(self) -> RecordKind:
        """Its record kind, for words."""
        return kind_of(self.slug)

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


class EphemerisHolding(Holding):
    """Ephemeris: a day is whole when it has a record for every minute."""

    slug = "ephemeris"
    day_query = "day={day}"

    def total(self, stats: DataSourceStats) -> int:
        """`ephemeris_count`."""
        return stats.ephemeris_count

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """By epoch."""
        return stats.latest_ephemeris_loaded

    def span(self, stats: DataSourceStats) -> Span | None:
        """By epoch."""
        return _span(stats.earliest_ephemeris_loaded, stats.latest_ephemeris_loaded)

    def counting(self, client: AuroraX) -> Callable[..., list[Availability]]:
        """GET /availability/ephemeris."""
        return client.availability.ephemeris

    def scale(self, counts: Iterable[int]) -> Scale:
        """Beside the minutes of a day."""
        meaning = f"Colours: how many of the {MINUTES:,} minutes of a day have a record."
        return Scale(MINUTES, meaning, best=f"{MINUTES:,}: every minute")

    def month_scale(self, counts: Iterable[int]) -> Callable[[date], Scale]:
        """Beside the minutes of the month."""
        return lambda month: Scale(MINUTES * monthrange(month.year, month.month)[1])


class ProductsHolding(Holding):
    """Data products: nobody says how many a day should have, so a day is measured by the source's own usual day."""

    slug = "products"
    day_query = "first={day}"

    def total(self, stats: DataSourceStats) -> int:
        """`data_product_count`."""
        return stats.data_product_count

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """By end."""
        return stats.latest_data_product_loaded

    def span(self, stats: DataSourceStats) -> Span | None:
        """From the first start to the last end."""
        return _span(stats.earliest_data_product_loaded, stats.latest_data_product_loaded)

    def counting(self, client: AuroraX) -> Callable[..., list[Availability]]:
        """GET /availability/data_products."""
        return client.availability.products

    def scale(self, counts: Iterable[int]) -> Scale:
        """Beside the median of the days that have any."""
        full = usual(counts)
        meaning = f"Colours: beside the usual day of these years, which has {full:,} (the median). A product counts on the day it starts; the page of every day it touches shows it."
        return Scale(full, meaning, best=f"{full:,} or more: as usual")

    def month_scale(self, counts: Iterable[int]) -> Callable[[date], Scale]:
        """Beside the median of the months that have any."""
        scale = Scale(usual(counts))
        return lambda _: scale


HOLDINGS: dict[str, Holding] = {each.slug: each for each in (EphemerisHolding(), ProductsHolding())}


def day_url(slug: str, identifier: int, day: date | None) -> str:
    """The page of the records of one day; without a day, of the last one that has any."""
    path = reverse(f"{slug}-browse", args=[identifier])
    return f"{path}?{HOLDINGS[slug].day_query.format(day=f'{day:%Y-%m-%d}')}" if day else path


def _span(first: datetime | None, last: datetime | None) -> Span | None:
    return Span(first.date(), last.date()) if first and last else None
