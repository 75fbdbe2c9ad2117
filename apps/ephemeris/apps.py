"""The ephemeris app."""

from django.apps import AppConfig

from apps.availability import counts
from apps.ephemeris.counts import EphemerisCounts
from apps.ephemeris.record_type import EPHEMERIS
from apps.records import types


class EphemerisConfig(AppConfig):
    """Browse, edit, upload and delete ephemeris records."""

    name = "apps.ephemeris"

    def ready(self) -> None:
        """Make the record type known, how its records are counted, and how they are deleted."""
        from apps.deletions import targets  # noqa: PLC0415 - models are there only after start
        from apps.ephemeris.deletion import EphemerisDeletion  # noqa: PLC0415

        types.register(EPHEMERIS)
        counts.register(EphemerisCounts())
        targets.register(EphemerisDeletion())
