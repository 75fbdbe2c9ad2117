"""The permissions app."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    """Who may do what. No models."""

    name = "apps.permissions"
