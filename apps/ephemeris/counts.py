"""How many ephemeris records a day has, and how many it should have."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime

from apps.aurorax import AuroraX, Availability, DataSourceStats
from apps.charts.scales import Scale
from apps.records.counts import DailyCounts

MINUTES = 1440  # of a day: AuroraX keeps one ephemeris record a minute


class EphemerisCounts(DailyCounts):
    """Ephemeris: a day is whole when it has a record for every minute."""

    def total(self, stats: DataSourceStats) -> int:
        """`ephemeris_count`."""
        return stats.ephemeris_count

    def earliest(self, stats: DataSourceStats) -> datetime | None:
        """By epoch."""
        return stats.earliest_ephemeris_loaded

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """By epoch."""
        return stats.latest_ephemeris_loaded

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
