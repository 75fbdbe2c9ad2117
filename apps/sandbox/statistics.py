"""How many records a source has and from when to when (API document, DataSourceStats)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Min

from apps.sandbox.formats import source_document
from apps.sandbox.models import DataProduct, DataSource, Ephemeris

NOTHING = (None, None, 0)


def of_sources(sources: Iterable[DataSource], source_format: str) -> dict[int, dict[str, Any]]:
    """Statistics by identifier. Times are null where there is nothing; the source is repeated inside."""
    chosen = {source.identifier: source for source in sources}
    ephemeris = {
        row[0]: row[1:]
        for row in Ephemeris.objects.filter(source__in=chosen)
        .values("source")
        .values_list("source", Min("epoch"), Max("epoch"), Count("epoch"))
    }
    products = {
        row[0]: row[1:]
        for row in DataProduct.objects.filter(source__in=chosen)
        .values("source")
        .values_list("source", Min("start"), Max("end"), Count("url"))
    }
    return {
        identifier: _document(
            source_document(source, source_format),
            ephemeris.get(identifier, NOTHING),
            products.get(identifier, NOTHING),
        )
        for identifier, source in chosen.items()
    }


def _document(
    source: dict[str, Any], ephemeris: tuple[Any, ...], products: tuple[Any, ...]
) -> dict[str, Any]:
    return {
        "data_source": source,
        "earliest_ephemeris_loaded": ephemeris[0],
        "latest_ephemeris_loaded": ephemeris[1],
        "ephemeris_count": ephemeris[2],
        "earliest_data_product_loaded": products[0],
        "latest_data_product_loaded": products[1],
        "data_product_count": products[2],
    }
