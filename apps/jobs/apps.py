"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work: the worker command and what it recovers."""

    name = "apps.jobs"
