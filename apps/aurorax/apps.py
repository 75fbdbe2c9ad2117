"""The AuroraX API client as a Django app: it has no models, only a home for settings and a management command."""

from django.apps import AppConfig


class AuroraXConfig(AppConfig):
    """Named so that the client is one of Django's apps."""

    name = "apps.aurorax"
    label = "aurorax"
    verbose_name = "AuroraX API client"
