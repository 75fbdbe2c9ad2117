"""The uploads app."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Any table of records from file to AuroraX: read, check, send, verify. Deletions too."""

    name = "apps.uploads"
