"""Times as a part of an address: the minute of a record, `2020-01-01T00:00:00`, and a day, `2020-01-01`. UTC."""

from datetime import date, datetime

from apps.aurorax import times


class EpochConverter:
    """Between an aware UTC time and its text in a path. What is no time leads to 404."""

    regex = r"(?:19|20)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}"

    def to_python(self, value: str) -> datetime:
        """Raises ValueError, which Django takes as "no such address"."""
        return times.parse(value)

    def to_url(self, value: datetime) -> str:
        """The time in UTC."""
        return times.write(value)


class DayConverter:
    """Between a day and its text in a path."""

    regex = r"(?:19|20)\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Raises ValueError, which Django takes as "no such address"."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as AuroraX writes it."""
        return value.isoformat()
