"""The maintainers app."""

from django.apps import AppConfig


class MaintainersConfig(AppConfig):
    """Who looks after which data source."""

    name = "apps.maintainers"
