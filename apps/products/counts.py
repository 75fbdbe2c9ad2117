"""How many data products a day has, and how many are usual."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from apps.aurorax import AuroraX, Availability, DataSourceStats
from apps.availability.counts import DailyCounts, Span, span_of
from apps.charts.scales import Scale, usual


class ProductCounts(DailyCounts):
    """Data products: nobody says how many a day should have, so a day is measured by the source's own usual day."""

    slug = "products"
    day_query = "first={day}"

    def total(self, stats: DataSourceStats) -> int:
        """`data_product_count`."""
        return stats.data_product_count

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """By end."""
        return stats.latest_data_product_loaded

    def span(self, stats: DataSourceStats) -> Span | None:
        """From the first start to the last end."""
        return span_of(stats.earliest_data_product_loaded, stats.latest_data_product_loaded)

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
