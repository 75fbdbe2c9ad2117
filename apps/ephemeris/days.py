"""One UTC day of a data source's ephemeris, and the days around it that hold records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from apps.aurorax import AuroraX, DataSource, DataSourceStats, EphemerisRecord, times
from apps.aurorax.times import DAY
from apps.ephemeris.record_type import EPHEMERIS
from apps.records.listing import Listing

NEAR = timedelta(days=366)  # looked through first for the next day with records


@dataclass(frozen=True)
class Neighbours:
    """Where one can go from a day. None where there is nothing further."""

    previous: date | None
    next: date | None
    last: date | None


def bounds(day: date) -> tuple[datetime, datetime]:
    """First and last second of a UTC day."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1, seconds=-1)


def listing(client: AuroraX, source: DataSource, day: date) -> Listing[EphemerisRecord]:
    """The records of a day: up to 1,440, as AuroraX keeps one for each minute."""
    start, end = bounds(day)

    def read() -> Sequence[EphemerisRecord]:
        return client.ephemeris.found(source, start, end)

    text = day.isoformat()
    return Listing(EPHEMERIS, source, {"day": text}, f"on {text} (UTC)", start, end, key_of, read)


def key_of(record: EphemerisRecord) -> str:
    """The epoch."""
    return times.write(record.epoch)


def ends_of(source: DataSource) -> tuple[date | None, date | None]:
    """The first and the last day with records, by the source's own stats."""
    stats = source.stats or DataSourceStats()
    return _day(stats.earliest_ephemeris_loaded), _day(stats.latest_ephemeris_loaded)


def calendar_neighbours(source: DataSource, day: date) -> Neighbours:
    """The days before and after by the calendar, while it is not known which of them hold records."""
    first, last = ends_of(source)
    if first is None or last is None:
        return Neighbours(None, None, None)
    previous = min(day - DAY, last) if day > first else None
    following = max(day + DAY, first) if day < last else None
    return Neighbours(previous, following, last)


def neighbours_with_records(
    client: AuroraX, source: DataSource, day: date, *, counted: Mapping[date, int] | None = None
) -> Neighbours:
    """The nearest days with records before and after; looked for nearby first, since counting years is slow.

    `counted` are the records of each day of whole years, among them that of `day`, where those are known already.
    """
    first, last = ends_of(source)
    if first is None or last is None:
        return Neighbours(None, None, None)
    known = {each for each, count in (counted or {}).items() if count}
    previous, following = _before(day, known), _after(day, known)
    if (previous or day <= first) and (following or day >= last):
        return Neighbours(previous, following, last)
    days = _days_with_records(client, source, day - NEAR, day + NEAR) | {first, last}
    previous, following = _before(day, days), _after(day, days)
    far_back = previous == first and day - first > NEAR
    far_on = following == last and last - day > NEAR
    if far_back or far_on:
        days |= _days_with_records(client, source, first, last)
        previous, following = _before(day, days), _after(day, days)
    return Neighbours(previous, following, last)


def _days_with_records(client: AuroraX, source: DataSource, start: date, end: date) -> set[date]:
    found = client.availability.ephemeris(start=start, end=end, source=source)
    return {day for each in found for day, count in each.counts.items() if count}


def _before(day: date, days: Iterable[date]) -> date | None:
    return max((each for each in days if each < day), default=None)


def _after(day: date, days: Iterable[date]) -> date | None:
    return min((each for each in days if each > day), default=None)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
