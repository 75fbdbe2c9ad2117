"""The generation app."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Makes files of ephemeris."""

    name = "apps.generation"
