"""The products app."""

from django.apps import AppConfig

from apps.products.kind import PRODUCTS
from apps.uploads.kinds import register


class ProductsConfig(AppConfig):
    """Browse, edit, upload and delete data product records."""

    name = "apps.products"

    def ready(self) -> None:
        """Tell `uploads` about the kind of record."""
        register(PRODUCTS)
