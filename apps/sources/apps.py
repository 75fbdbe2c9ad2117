"""The sources app."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Data sources: finding, creating, changing and deleting them."""

    name = "apps.sources"
