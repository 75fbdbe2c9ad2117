"""How much a person's data sources hold, month by month: a few questions to AuroraX for all of them together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from apps.aurorax import AuroraX, DataSource, DataSourceStats, errors
from apps.charts.strips import Strip, strip_of
from apps.records.counts import Span
from apps.records.types import RecordType, record_types
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
    """What AuroraX has answered: the data sources with their statistics, and by identifier what each holds."""

    sources: list[DataSource]
    years: range
    held: Mapping[int, list[SourceCounts]]

    @property
    def last_year(self) -> int:
        """The last of `years`."""
        return self.years[-1]

    @property
    def silent(self) -> list[tuple[SourceCounts, Silence]]:
        """What has gone quiet, the latest first."""
        quiet = [(held, held.silence) for each in self.held.values() for held in each if held.silence]
        return sorted(quiet, key=lambda pair: pair[1].days)


class SourceGroup(NamedTuple):
    """Data sources that AuroraX finds by one filter: several that one person owns, or a single one."""

    sources: list[DataSource]
    filters: dict[str, Any]


def coverage_of(*, client: AuroraX, sources: Sequence[DataSource], today: date) -> Coverage:
    """Ask for the statistics of these data sources, then for the days on which they have records.

    AuroraX filters by owner, so there is one question of each sort for all that one person owns, and none for a kind of
    record of which there are none. Data sources that are gone meanwhile are left out.
    """
    known = _with_stats(client, sources)
    years = years_of(_spans(known), today=today)
    held: dict[int, list[SourceCounts]] = {source.identifier: [] for source in known}
    for kind in record_types():
        holders = [source for source in known if kind.counts.total(stats_of(source))]
        counts = _days(client, kind, holders, years)
        for source in holders:
            found = SourceCounts(source, kind, counts.get(source.identifier, {}), years, today)
            held[source.identifier].append(found)
    return Coverage(known, years, held)


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


def stats_of(source: DataSource) -> DataSourceStats:
    """Its statistics; AuroraX may leave them out where there is nothing to count."""
    return source.stats or DataSourceStats()


def _with_stats(client: AuroraX, sources: Sequence[DataSource]) -> list[DataSource]:
    """The same data sources in the same order, each with its statistics."""
    counted = {each.identifier: each for group in _groups(sources) for each in _counted(client, group)}
    return [
        replace(source, stats=counted[source.identifier].stats)
        for source in sources
        if source.identifier in counted
    ]


def _counted(client: AuroraX, group: SourceGroup) -> list[DataSource]:
    if "owner" in group.filters:
        return client.sources.list(**group.filters, record_format="basic_info", include_stats=True)
    try:
        return [client.sources.get(source.identifier, include_stats=True) for source in group.sources]
    except errors.NotFound:
        return []


def _days(
    client: AuroraX, kind: RecordType, sources: Sequence[DataSource], years: range
) -> dict[int, dict[date, int]]:
    """Records of each day of these years, by identifier."""
    start, end = date(years[0], 1, 1), date(years[-1], 12, 31)
    return {
        each.data_source.identifier: each.counts
        for group in _groups(sources)
        for each in kind.counts.counting(client)(start=start, end=end, **group.filters)
    }


def _groups(sources: Iterable[DataSource]) -> Iterator[SourceGroup]:
    """A single one is asked for by itself: whoever owns it may own hundreds more, which are none of this person's."""
    by_owner: dict[str, list[DataSource]] = {}
    for source in sources:
        by_owner.setdefault(source.owner or "", []).append(source)
    for owner, found in by_owner.items():
        if owner and len(found) > 1:
            yield SourceGroup(found, {"owner": owner})
        else:
            yield from (SourceGroup([source], {"source": source}) for source in found)


def _spans(sources: Iterable[DataSource]) -> Iterator[Span]:
    for source in sources:
        for kind in record_types():
            if span := kind.counts.span(stats_of(source)):
                yield span
