"""Records as CSV that can be uploaded again, with exactly the columns an upload knows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.aurorax import DataSource
from apps.ui.spreadsheets import csv_lines
from apps.uploads.columns import METADATA
from apps.uploads.kinds import RecordKind
from apps.uploads.readers.objects import flat
from apps.uploads.record_metadata import Listed, cell, metadata_fields


def csv_text(kind: RecordKind, source: DataSource, records: Sequence[Listed]) -> str:
    """A header and a line for each record, safe to open in a spreadsheet program.

    All columns, also those a person has hidden: a record that is uploaded again replaces the old one, so what were left
    out would be lost.
    """
    names = [column.name for column in kind.columns]
    fields = metadata_fields(kind, source, records)
    header = [*names, *(f"{METADATA}.{field}" for field in fields)]
    return "".join(csv_lines(header, _rows(records, names, fields)))


def _rows(records: Iterable[Listed], names: Sequence[str], fields: Sequence[str]) -> Iterator[list[Any]]:
    for record in records:
        row, metadata = flat(record.to_api()), record.metadata or {}
        yield [cell(row[name]) for name in names] + [cell(metadata.get(field)) for field in fields]
