"""How much a person's data sources hold, month by month, and which of them have gone quiet."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from apps.aurorax import AuroraX, DataSource
from apps.charts.heat import HeatRow, Lane, heat_of
from apps.charts.strips import months_back
from apps.records.counts import Span
from apps.records.types import RecordType, record_types
from apps.sources.counting import Owned, days_of, habits_of, lately, stats_of
from apps.sources.gaps import Silence, silence

MOST_YEARS = 10
RECENT_MONTHS = 24  # that are shown where there are records in them
GROWTH_DAYS = 30
Counts = Mapping[date, int]


@dataclass(frozen=True)
class SourceCounts:
    """What one data source holds of one kind. `counts` are its records of each day that was asked for."""

    source: DataSource
    kind: RecordType
    counts: Counts
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

    @property
    def lane(self) -> Lane:
        """Its lane in the heat matrix."""
        return Lane(self.kind.label, self.counts, self.kind.counts.month_scale)

    @cached_property
    def silence(self) -> Silence | None:
        """Whether it has gone quiet."""
        return silence([day for day, count in self.counts.items() if count > 0], today=self.today)

    def _between(self, first: int, last: int) -> int:
        """Records from `first` days ago to `last` days ago."""
        days = (self.today - timedelta(days=ago) for ago in range(last, first + 1))
        return sum(self.counts.get(day, 0) for day in days)


@dataclass(frozen=True)
class Lately:
    """What has gone quiet and of what, the latest first; and how many records there are of this month so far."""

    silent: list[tuple[SourceCounts, Silence]] = field(default_factory=list)
    this_month: int = 0


@dataclass(frozen=True)
class Coverage:
    """What AuroraX has answered: the data sources with their statistics, by identifier what each of those shown holds in these
    months, and what is to be known of late of all of them.
    """

    sources: list[DataSource]
    months: list[date]
    held: Mapping[int, list[SourceCounts]]
    lately: Lately

    @property
    def silent(self) -> list[tuple[SourceCounts, Silence]]:
        """What has gone quiet of all of them, the latest first."""
        return self.lately.silent

    def heat(self, source: DataSource) -> HeatRow | None:
        """The row of one of those shown in the matrix; None where it holds nothing."""
        held = self.held.get(source.identifier, [])
        return heat_of([each.lane for each in held], months=self.months) if held else None


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
    lately: Lately,
    shown: Sequence[DataSource],
    today: date,
    owned: Owned,
    whole: bool = False,
) -> Coverage:
    """Ask for the days on which those `shown` of `sources` have records, all read with their statistics; of a kind of record
    of which there are none nothing is asked. `owned` says how many data sources their owners have in all, `whole` asks for
    all years there are instead of the last ones.
    """
    months = months_shown(_spans(sources), today=today, whole=whole)
    held: dict[int, list[SourceCounts]] = {source.identifier: [] for source in shown}
    for kind in record_types():
        holders = [source for source in shown if kind.counts.total(stats_of(source))]
        days = days_of(client, kind, holders, months[0], _end_of(months[-1]), owned=owned)
        for source in holders:
            found = SourceCounts(source, kind, days.get(source.identifier, {}), today)
            held[source.identifier].append(found)
    return Coverage(sources, months, held, lately)


def lately_of(*, client: AuroraX, sources: Sequence[DataSource], today: date, owned: Owned) -> Lately:
    """Which of these data sources, read with their statistics, have gone quiet and of what, and what came this month."""
    quiet, this_month = [], 0
    for kind in record_types():
        suspects, recent = lately(client, kind, sources, today=today, owned=owned)
        this_month += sum(
            count for days in recent.values() for day, count in days.items() if day >= today.replace(day=1)
        )
        habits = habits_of(client, kind, suspects, today=today, owned=owned)
        for source in suspects:
            found = SourceCounts(source, kind, habits.get(source.identifier, {}), today)
            quiet += [(found, found.silence)] if found.silence else []
    return Lately(sorted(quiet, key=lambda pair: pair[1].days), this_month)


def months_shown(spans: Iterable[Span], *, today: date, whole: bool = False) -> list[date]:
    """The months of the matrix by their first days: the last two years where there are records in them, else all years from
    the first record to now, or to the last one (`years_of`).
    """
    found, recent = list(spans), months_back(today, RECENT_MONTHS)
    if not found or (not whole and any(span.last >= recent[0] and span.first <= today for span in found)):
        return recent
    years = years_of(found, today=today)
    months = [date(year, month, 1) for year in years for month in range(1, 13)]
    first, last = min(span.first for span in found), max([today, *(span.last for span in found)])
    return [month for month in months if first <= _end_of(month) and month <= last]


def _end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


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
