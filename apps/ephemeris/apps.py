"""The ephemeris app."""

from django.apps import AppConfig

from apps.ephemeris.record_type import EPHEMERIS
from apps.geomagnetism import aacgm
from apps.jobs import isolation
from apps.records import types


class EphemerisConfig(AppConfig):
    """Browse, edit, upload and delete ephemeris records."""

    name = "apps.ephemeris"

    def ready(self) -> None:
        """Make the record type known, and what reading its files may need."""
        types.register(EPHEMERIS)
        isolation.preload(aacgm.modules)
