"""Ephemeris records as files that can be uploaded again."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from apps.aurorax import DataSource, EphemerisRecord, times

LOCATIONS = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
COLUMNS = ("epoch", *(f"{location}.{part}" for location in LOCATIONS for part in ("lat", "lon")))


def metadata_fields(source: DataSource, records: Iterable[EphemerisRecord]) -> list[str]:
    """Metadata fields in the order of the source's schema, then those that only the records have."""
    schema = [field.field_name for field in source.ephemeris_metadata_schema]
    present = [name for record in records for name in record.metadata or {}]
    return [name for name in dict.fromkeys(schema + present) if name in set(present)]


def csv_rows(records: Iterable[EphemerisRecord], fields: list[str]) -> Iterator[list[Any]]:
    """Cells in the order of `COLUMNS`, then `metadata.<field>` for each of `fields`."""
    for record in records:
        places = [number for name in LOCATIONS for number in getattr(record, name)]
        metadata = record.metadata or {}
        yield [times.write(record.epoch), *places, *(cell(metadata.get(name)) for name in fields)]


def cell(value: Any) -> Any:
    """A metadata value in a table: text and numbers as they are, nothing for null, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return json.dumps(value, ensure_ascii=False)


def json_array(source: DataSource, records: Iterable[EphemerisRecord]) -> str:
    """The array that the API takes, program, platform and instrument type in every record."""
    return json.dumps([source.key | record.to_api() for record in records], ensure_ascii=False, indent=1)
