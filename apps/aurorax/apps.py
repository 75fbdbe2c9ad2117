"""The AuroraX API client as a Django app: it has no models, only a home for settings and a management command."""

from django.apps import AppConfig


class AuroraXConfig(AppConfig):
    """Named so that `settings.INSTALLED_APPS` finds `verify_api`."""

    name = "apps.aurorax"
    label = "aurorax"
    verbose_name = "AuroraX API client"
