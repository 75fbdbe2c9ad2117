"""The page shell."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page shares: the htmx helper, paging, forms, template tags and fragments."""

    name = "apps.ui"
