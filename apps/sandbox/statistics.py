"""How many records a source has and from when to when (API document, DataSourceStats)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum

from apps.sandbox.counters import EPHEMERIS
from apps.sandbox.models import DataSource, YearCount

Total = tuple[str | None, str | None, int]  # first, last, how many
NOTHING: Total = (None, None, 0)


def of_sources(
    sources: "QuerySet[DataSource]", documents: Mapping[int, dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Statistics of `sources` by identifier. Times are null where there is nothing; a source's document is repeated inside."""
    ephemeris: dict[int, Total] = {}
    products: dict[int, Total] = {}
    for source, kind, first, last, count in _totals(sources):
        totals = ephemeris if kind == EPHEMERIS else products
        totals[source] = _both(totals.get(source, NOTHING), (first, last, count))
    return {
        identifier: _document(document, ephemeris.get(identifier, NOTHING), products.get(identifier, NOTHING))
        for identifier, document in documents.items()
    }


def _totals(sources: "QuerySet[DataSource]") -> Iterable[tuple[int, str, str, str, int]]:
    chosen = sources.order_by().values("identifier")
    counts = YearCount.objects.filter(source__in=chosen).values("source", "kind")
    return counts.values_list("source", "kind", Min("first"), Max("last"), Sum("count")).iterator()


def _both(one: Total, other: tuple[str, str, int]) -> Total:
    first, last, count = other
    return min(one[0] or first, first), max(one[1] or last, last), one[2] + count


def _document(source: dict[str, Any], ephemeris: Total, products: Total) -> dict[str, Any]:
    return {
        "data_source": source,
        "earliest_ephemeris_loaded": ephemeris[0],
        "latest_ephemeris_loaded": ephemeris[1],
        "ephemeris_count": ephemeris[2],
        "earliest_data_product_loaded": products[0],
        "latest_data_product_loaded": products[1],
        "data_product_count": products[2],
    }
