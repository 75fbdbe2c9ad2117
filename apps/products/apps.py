"""The products app."""

from django.apps import AppConfig

from apps.products.record_type import PRODUCTS
from apps.records import types


class ProductsConfig(AppConfig):
    """Browse, edit, upload and delete data product records."""

    name = "apps.products"

    def ready(self) -> None:
        """Make the record type known."""
        types.register(PRODUCTS)
