"""The ephemeris app."""

from django.apps import AppConfig

from apps.ephemeris.kind import EPHEMERIS
from apps.uploads.kinds import register


class EphemerisConfig(AppConfig):
    """Browse, edit, upload and delete ephemeris records."""

    name = "apps.ephemeris"

    def ready(self) -> None:
        """Tell `uploads` about the kind of record."""
        register(EPHEMERIS)
