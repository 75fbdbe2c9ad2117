"""Ephemeris records as a file for the API."""

import json
from collections.abc import Iterable

from apps.aurorax import DataSource, EphemerisRecord


def json_array(source: DataSource, records: Iterable[EphemerisRecord]) -> str:
    """The array that the API takes, program, platform and instrument type in every record."""
    return json.dumps([source.key | record.to_api() for record in records], ensure_ascii=False, indent=1)
