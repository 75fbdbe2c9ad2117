"""Times as AuroraX writes them. Inside the portal every time is aware and in UTC."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
TimeSpan = tuple[datetime, datetime]  # first and last moment, both inclusive
YEARS = range(1900, 2101)  # of any use: the portal takes and shows no others


def parse(text: str) -> datetime:
    """`YYYY-MM-DDTHH:MM:SS` as aware UTC. A zone is converted, none means UTC; fractions of a second are kept.

    Raises ValueError for anything else. The API answers without zone or fraction; in 2022 it wrote a `Z`.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_optional(text: str | None) -> datetime | None:
    """Like `parse`; None and the empty string are None."""
    return parse(text) if text else None


def write(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS` in UTC, fractions cut. Raises ValueError for a time without zone."""
    if moment.tzinfo is None:
        raise ValueError(
            f"{moment.isoformat()} has no time zone. Times inside the portal are UTC and say so."
        )
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def months(start: datetime, end: datetime) -> Iterator[TimeSpan]:
    """Split start to end, both inclusive, into windows of at most one calendar month that share no second.

    A window ends one second before the same day of the next month, so it never exceeds "one month" however the
    API counts it (API document: ephemeris searches are limited to one month).
    """
    while start <= end:
        following = _month_later(start)
        yield start, min(following - SECOND, end)
        start = following


def _month_later(moment: datetime) -> datetime:
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
