"""How many data products a day has, and how many are usual."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from apps.aurorax import AuroraX, Availability, DataSourceStats
from apps.charts.scales import Scale, usual
from apps.records.counts import DailyCounts


class ProductCounts(DailyCounts):
    """Data products: nobody says how many a day should have, so a day is measured by the source's own usual day."""

    def total(self, stats: DataSourceStats) -> int:
        """`data_product_count`."""
        return stats.data_product_count

    def earliest(self, stats: DataSourceStats) -> datetime | None:
        """By start."""
        return stats.earliest_data_product_loaded

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """By end."""
        return stats.latest_data_product_loaded

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
