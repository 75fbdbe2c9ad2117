"""Ephemeris records as the rows of a table."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from apps.aurorax import DataSource, EphemerisRecord
from apps.ephemeris.export import LOCATIONS, cell, metadata_fields
from apps.ephemeris.forms import LOCATION_LABELS
from apps.uploads.row_check import Record


class Row(NamedTuple):
    """One record: its time, eight numbers (latitude and longitude of each location) and its metadata cells."""

    epoch: datetime
    numbers: list[float | None]
    metadata: list[object]


class Table(NamedTuple):
    """Rows with the headings of their groups of columns."""

    locations: list[str]
    fields: list[str]
    rows: list[Row]


def table_of(source: DataSource, records: Sequence[EphemerisRecord]) -> Table:
    """A column for each metadata field that one of the records has."""
    fields = metadata_fields(source, records)
    return Table([LOCATION_LABELS[name] for name in LOCATIONS], fields, list(_rows(records, fields)))


def details_of(record: Record) -> list[tuple[str, float | None, float | None]]:
    """Label, latitude and longitude of each location of one record."""
    return [(LOCATION_LABELS[name], record[name]["lat"], record[name]["lon"]) for name in LOCATIONS]


def _rows(records: Iterable[EphemerisRecord], fields: list[str]) -> Iterable[Row]:
    for record in records:
        numbers = [number for name in LOCATIONS for number in getattr(record, name)]
        metadata = record.metadata or {}
        yield Row(record.epoch, numbers, [cell(metadata.get(name)) for name in fields])
