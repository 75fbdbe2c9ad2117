"""Ephemeris records as the rows of a table."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.aurorax import DataSource, EphemerisRecord
from apps.ephemeris.forms import LOCATION_LABELS
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.validators import LOCATIONS
from apps.records.listing import Listing
from apps.records.metadata import cell, metadata_columns, metadata_fields
from apps.ui.selections import Selection
from apps.ui.tables import DataTable, TableColumn, TableRow
from apps.validation.row import Record

PARTS = (("lat", "latitude in degrees"), ("lon", "longitude in degrees"))


def columns_of(source: DataSource, records: Sequence[EphemerisRecord]) -> list[TableColumn]:
    """The locations, and a column for each metadata field that one of the records has."""
    fields = metadata_fields(EPHEMERIS, source, records)
    locations = [TableColumn(name, LOCATION_LABELS[name], PARTS, is_number=True) for name in LOCATIONS]
    return locations + metadata_columns(EPHEMERIS, source, fields)


def table_of(
    listing: Listing[EphemerisRecord],
    records: Sequence[EphemerisRecord],
    columns: Sequence[TableColumn],
    selection: Selection,
) -> DataTable:
    """The records under these of the columns."""
    day = listing.filter["day"]
    rows = list(_rows(listing, records, columns, selection))
    return DataTable(f"Ephemeris records of {day}, locations in degrees", "Epoch (UTC)", columns, rows)


def details_of(record: Record) -> list[tuple[str, float | None, float | None]]:
    """Label, latitude and longitude of each location of one record."""
    return [(LOCATION_LABELS[name], record[name]["lat"], record[name]["lon"]) for name in LOCATIONS]


def _rows(
    listing: Listing[EphemerisRecord],
    records: Sequence[EphemerisRecord],
    columns: Sequence[TableColumn],
    selection: Selection,
) -> Iterator[TableRow]:
    locations = [column.name for column in columns if column.parts]
    fields = [column.label for column in columns if not column.parts]
    folder = reverse("ephemeris-browse", args=[listing.source.identifier])  # asked once: it takes its time
    for record in records:
        key, metadata = listing.key(record), record.metadata or {}
        numbers = [degrees(number) for name in locations for number in getattr(record, name)]
        texts = [str(cell(metadata.get(name))) for name in fields]
        yield TableRow(key, key.replace("T", " "), f"{folder}{key}/", numbers + texts, key in selection)


def degrees(number: float | None) -> str:
    """To the fourth decimal place, about ten metres; nothing for no location."""
    return "" if number is None else f"{number:.4f}"
