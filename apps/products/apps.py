"""The products app."""

from django.apps import AppConfig

from apps.availability import counts
from apps.products.counts import ProductCounts
from apps.products.record_type import PRODUCTS
from apps.records import types


class ProductsConfig(AppConfig):
    """Browse, edit, upload and delete data product records."""

    name = "apps.products"

    def ready(self) -> None:
        """Make the record type known, how its records are counted, and how they are deleted."""
        from apps.deletions import targets  # noqa: PLC0415 - models are there only after start
        from apps.products.deletion import ProductDeletion  # noqa: PLC0415

        types.register(PRODUCTS)
        counts.register(ProductCounts())
        targets.register(ProductDeletion())
