"""The conformance app."""

from django.apps import AppConfig


class ConformanceConfig(AppConfig):
    """Compares an AuroraX with what the portal understands it to do."""

    name = "apps.conformance"
