"""Days on which a data source was not meant to have records, such as a camera's summer (docs/decisions/0005)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from django.utils import timezone

from apps.aurorax import AuroraX, DataProductRecord, DataSource
from apps.aurorax.times import DAY, SECOND, YEARS

TYPE = "data_availability"
EVER = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)

Stretch = tuple[date, date]  # both days included


def days_not_expected(client: AuroraX, source: DataSource) -> frozenset[date]:
    """Read the source's `data_availability` products, and answer the days on which they leave nothing to expect.

    A data source without such products, as most are, costs one question, and one that was read with its statistics and has
    no data products at all costs none.
    """
    if source.stats and not source.stats.data_product_count:
        return frozenset()
    counted = client.availability.products(start=EVER[0], end=EVER[1], source=source, data_product_type=TYPE)
    if not any(each.counts for each in counted):
        return frozenset()
    first, last = (datetime.combine(day, time(), UTC) for day in EVER)
    products = client.products.search(source, first, last + DAY - SECOND, types=[TYPE])
    return uncovered(products, today=timezone.now().date())


def uncovered(products: Iterable[DataProductRecord], *, today: date) -> frozenset[date]:
    """The days that no product covers, in the years that have one.

    In the present year and later ones only as far as the last product reaches: what follows may be yet to come.
    """
    covered = {day for start, end in _merged(products) for day in _days(start, end)}
    last = max(covered, default=today)
    return frozenset(
        day
        for year in {day.year for day in covered}
        for day in _days(date(year, 1, 1), date(year, 12, 31))
        if day not in covered and (day <= last or year < today.year)
    )


def _merged(products: Iterable[DataProductRecord]) -> list[Stretch]:
    """What the products cover together, so that no day is looked at for each of thousands of products."""
    stretches: list[Stretch] = []
    for start, end in sorted((product.start.date(), product.end.date()) for product in products):
        if stretches and start <= stretches[-1][1] + DAY:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], end)
        else:
            stretches.append((start, end))
    return stretches


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))
