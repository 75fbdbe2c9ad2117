"""How much a person's data sources hold, month by month, and which of them have gone quiet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from apps.aurorax import AuroraX, DataSource
from apps.charts.strips import Strip, strip_of
from apps.records.counts import Span
from apps.records.types import RecordType, record_types
from apps.sources.counting import Owned, days_of, habits_of, stats_of, suspected
from apps.sources.gaps import Silence, silence

MOST_YEARS = 10
GROWTH_DAYS = 30
Counts = Mapping[date, int]


@dataclass(frozen=True)
class SourceCounts:
    """What one data source holds of one kind. `counts` are its records of each day of `years`."""

    source: DataSource
    kind: RecordType
    counts: Counts
    years: range
    today: date

    @property
    def count(self) -> int:
        """All its records, whenever they are."""
        return self.kind.counts.total(stats_of(self.source))

    @property
    def latest(self) -> datetime | None:
        """When its last record ends."""
        return self.kind.counts.latest(stats_of(self.source))

    @property
    def is_ahead(self) -> bool:
        """Whether its last record is a prediction."""
        return bool(self.latest and self.latest.date() > self.today)

    @property
    def recent(self) -> int:
        """Records of the last 30 days, today included."""
        return self._between(GROWTH_DAYS - 1, 0)

    @property
    def before(self) -> int:
        """Records of the 30 days before those."""
        return self._between(2 * GROWTH_DAYS - 1, GROWTH_DAYS)

    @property
    def url(self) -> str:
        """The page with the calendar of one record type."""
        return self.kind.url("availability", self.source.identifier)

    @cached_property
    def strip(self) -> Strip:
        """All years, by month."""
        return strip_of(self.counts, years=self.years, scale=self.kind.counts.month_scale, today=self.today)

    @cached_property
    def silence(self) -> Silence | None:
        """Whether it has gone quiet."""
        return silence([day for day, count in self.counts.items() if count > 0], today=self.today)

    def _between(self, first: int, last: int) -> int:
        """Records from `first` days ago to `last` days ago."""
        days = (self.today - timedelta(days=ago) for ago in range(last, first + 1))
        return sum(self.counts.get(day, 0) for day in days)


@dataclass(frozen=True)
class Coverage:
    """What AuroraX has answered: the data sources with their statistics, by identifier what each of those shown holds, and
    what has gone quiet of all of them, the latest first.
    """

    sources: list[DataSource]
    years: range
    held: Mapping[int, list[SourceCounts]]
    silent: list[tuple[SourceCounts, Silence]]

    @property
    def last_year(self) -> int:
        """The last of `years`."""
        return self.years[-1]


def counted(*, client: AuroraX, sources: Sequence[DataSource]) -> list[DataSource]:
    """The same data sources in the same order, each with its statistics, without those that are gone meanwhile."""
    stats = client.sources.stats(sources)
    return [
        replace(source, stats=stats[source.identifier]) for source in sources if source.identifier in stats
    ]


def coverage_of(
    *,
    client: AuroraX,
    sources: list[DataSource],
    silent: list[tuple[SourceCounts, Silence]],
    shown: Sequence[DataSource],
    today: date,
    owned: Owned,
) -> Coverage:
    """Ask for the days on which those `shown` of `sources` have records, all read with their statistics; of a kind of record
    of which there are none nothing is asked. `owned` says how many data sources their owners have in all.
    """
    years = years_of(_spans(sources), today=today)
    held: dict[int, list[SourceCounts]] = {source.identifier: [] for source in shown}
    for kind in record_types():
        holders = [source for source in shown if kind.counts.total(stats_of(source))]
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        days = days_of(client, kind, holders, first, last, owned=owned)
        for source in holders:
            found = SourceCounts(source, kind, days.get(source.identifier, {}), years, today)
            held[source.identifier].append(found)
    return Coverage(sources, years, held, silent)


def silent_of(
    *, client: AuroraX, sources: Sequence[DataSource], today: date, owned: Owned
) -> list[tuple[SourceCounts, Silence]]:
    """Which of these data sources, read with their statistics, have gone quiet and of what, the latest first."""
    quiet = []
    for kind in record_types():
        suspects = suspected(client, kind, sources, today=today, owned=owned)
        habits = habits_of(client, kind, suspects, today=today, owned=owned)
        for source in suspects:
            found = SourceCounts(
                source, kind, habits.get(source.identifier, {}), range(today.year, today.year + 1), today
            )
            quiet += [(found, found.silence)] if found.silence else []
    return sorted(quiet, key=lambda pair: pair[1].days)


def years_of(spans: Iterable[Span], *, today: date) -> range:
    """The years to show: those with records and those since, at most ten; of predictions only the next year.

    Where everything ended longer ago than that, the last ten in which there was something.
    """
    found = list(spans)
    if not found:
        return range(today.year, today.year + 1)
    first, last = min(span.first.year for span in found), max(span.last.year for span in found)
    last = max(min(last, today.year + 1), first)
    if today.year - MOST_YEARS < last < today.year:
        last = today.year
    return range(max(first, last - MOST_YEARS + 1), last + 1)


def _spans(sources: Iterable[DataSource]) -> Iterator[Span]:
    for source in sources:
        for kind in record_types():
            if span := kind.counts.span(stats_of(source)):
                yield span
