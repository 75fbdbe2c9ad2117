"""Times as a part of an address: the minute of a record, `2020-01-01T00:00:00`, and a day, `2020-01-01`. UTC.

Any time can be written, so that no page fails for a record of a strange year; only years that records can have are read.
"""

from datetime import date, datetime
from typing import TypeVar

from apps.aurorax import times
from apps.aurorax.times import YEARS

Day = TypeVar("Day", bound=date)


class EpochConverter:
    """Between an aware UTC time and its text in a path. What is no time leads to 404."""

    regex = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}"

    def to_python(self, value: str) -> datetime:
        """Raises ValueError, which Django takes as "no such address"."""
        return _of_a_sensible_year(times.parse(value))

    def to_url(self, value: datetime) -> str:
        """The time in UTC."""
        return times.write(value)


class DayConverter:
    """Between a day and its text in a path."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Raises ValueError, which Django takes as "no such address"."""
        return _of_a_sensible_year(date.fromisoformat(value))

    def to_url(self, value: date) -> str:
        """The day as AuroraX writes it."""
        return value.isoformat()


def _of_a_sensible_year(day: Day) -> Day:
    if day.year not in YEARS:
        raise ValueError(f"No records in {day.year}.")
    return day
