"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The portal's own HTTP API, which the command line uses. No models."""

    name = "apps.api"
