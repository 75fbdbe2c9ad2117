"""The activity app."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Events and snapshots."""

    name = "apps.activity"
