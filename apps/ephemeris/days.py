"""One UTC day of a data source's ephemeris, and the days around it that hold records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from apps.aurorax import AuroraX, DataSource, DataSourceStats, EphemerisRecord

NEAR = timedelta(days=366)  # looked through first for the next day with records


@dataclass(frozen=True)
class Day:
    """A day's records in time order, and where one can go from there. `count_of` other days lags by ten minutes."""

    day: date
    records: list[EphemerisRecord]
    previous: date | None
    next: date | None
    first: date | None
    last: date | None


def bounds(day: date) -> tuple[datetime, datetime]:
    """First and last second of a UTC day."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1, seconds=-1)


def records_of(*, client: AuroraX, source: DataSource, day: date) -> list[EphemerisRecord]:
    """Everything the source holds on this day: up to 1,440 records, as AuroraX keeps one for each minute."""
    return list(client.ephemeris.search(source, *bounds(day)))


def browse(*, client: AuroraX, source: DataSource, day: date | None) -> Day | None:
    """The day asked for, or the last one with records; None when none was asked for and there are no records at all."""
    stats = stats_of(client, source)
    first, last = _day(stats.earliest_ephemeris_loaded), _day(stats.latest_ephemeris_loaded)
    shown = day or last
    if shown is None:
        return None
    previous, following = neighbours(client, source, shown, first, last)
    records = records_of(client=client, source=source, day=shown)
    return Day(shown, records, previous, following, first, last)


def stats_of(client: AuroraX, source: DataSource) -> DataSourceStats:
    """Earliest, latest and number of records."""
    return client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()


def neighbours(
    client: AuroraX, source: DataSource, day: date, first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    """The nearest days with records before and after `day`; looked for nearby first, since counting years is slow."""
    if first is None or last is None:
        return None, None
    days = _days_with_records(client, source, day - NEAR, day + NEAR) | {first, last}
    previous, following = _before(day, days), _after(day, days)
    far_back = previous == first and day - first > NEAR
    far_on = following == last and last - day > NEAR
    if far_back or far_on:
        days |= _days_with_records(client, source, first, last)
        previous, following = _before(day, days), _after(day, days)
    return previous, following


def _days_with_records(client: AuroraX, source: DataSource, start: date, end: date) -> set[date]:
    found = client.availability.ephemeris(start=start, end=end, source=source)
    return {day for each in found for day, count in each.counts.items() if count}


def _before(day: date, days: Iterable[date]) -> date | None:
    return max((each for each in days if each < day), default=None)


def _after(day: date, days: Iterable[date]) -> date | None:
    return min((each for each in days if each > day), default=None)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
