"""Records of a span as files that can be uploaded again and change nothing.

JSON, NDJSON and Parquet hold every record exactly. CSV does too: a metadata value that would not come back out of a cell of
its own as it was (a type the schema does not tell, an empty text, a list) stands in the column `metadata` as JSON.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, cast

import msgspec
import polars as pl
from polars.io.plugins import register_io_source

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import MetadataField
from apps.ui.spreadsheets import FORMULA_STARTS, csv_lines
from apps.uploads.columns import METADATA
from apps.uploads.kinds import AnyRow, RecordKind
from apps.uploads.readers.objects import flat
from apps.uploads.row_check import METADATA_TYPES, Record, has_type

Windows = Iterable[list[AnyRow]]
_encoder = msgspec.json.Encoder()


class Export:
    """What AuroraX holds of one data source from `start` to `end`, both inclusive, window after window: also what begins
    before or ends after, so that nothing is in none of two exports that follow one another.
    """

    def __init__(
        self, kind: RecordKind, client: AuroraX, source: DataSource, start: datetime, end: datetime
    ) -> None:
        self.kind, self.source = kind, source
        self._windows = kind.touching(client, source, start, end)
        self._schema = {field.field_name: field for field in kind.schema(source)}

    def ndjson(self) -> Iterator[bytes]:
        """One record a line."""
        for records in self._records():
            yield _encoder.encode_lines(records)

    def json(self) -> Iterator[bytes]:
        """One array."""
        before = b"["
        for records in self._records():
            if records:
                yield before + _encoder.encode(records)[1:-1]
                before = b",\n"
        yield b"]" if before != b"[" else b"[]"

    def csv(self) -> Iterator[bytes]:
        """A header, and a row for each record."""
        own = [column.name for column in self.kind.columns]
        header = [*own, *(f"{METADATA}.{name}" for name in self._schema), METADATA]
        lines = csv_lines(
            header, (self._cells(record, own) for records in self._records() for record in records)
        )
        for line in lines:
            yield line.encode()

    def parquet(self) -> BinaryIO:
        """A temporary file, to be closed by whoever has sent it. Metadata is JSON in a column of text."""
        schema = {column.name: POLARS[column.holds] for column in self.kind.columns} | {METADATA: pl.String}

        def frames(*wanted: object) -> Iterator[pl.DataFrame]:
            for records in self._records():
                rows = [_columns(record, schema) for record in records]
                yield pl.DataFrame(rows, schema=schema, orient="row")

        file = tempfile.NamedTemporaryFile(suffix=".parquet")  # noqa: SIM115 - sent first, closed then
        try:
            register_io_source(frames, schema=schema).sink_parquet(file.name)
        except BaseException:
            file.close()
            raise
        return cast("BinaryIO", file)

    def _records(self) -> Iterator[list[Record]]:
        """In the API's shape for uploads."""
        for window in self._windows:
            yield [self.source.key | self.kind.record_of(row) for row in window]

    def _cells(self, record: Record, own: Sequence[str]) -> list[Any]:
        values = flat(record)
        metadata: Mapping[str, Any] = record.get(METADATA) or {}
        plain = {
            name: value for name, value in metadata.items() if _comes_back(value, self._schema.get(name))
        }
        rest = {name: value for name, value in metadata.items() if name not in plain}
        cells = [*(values.get(name) for name in own), *(_cell(plain.get(name)) for name in self._schema)]
        return [*cells, json.dumps(rest, ensure_ascii=False) if rest else None]


POLARS = {"number": pl.Float64, "time": pl.String, "text": pl.String}
TEXT_FORMATS: dict[str, tuple[str, Callable[[Export], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", Export.csv),
    "json": ("application/json", Export.json),
    "ndjson": ("application/x-ndjson", Export.ndjson),
}
FORMATS = (*TEXT_FORMATS, "parquet")


def _columns(record: Record, schema: Mapping[str, object]) -> tuple[Any, ...]:
    values = flat(record)
    metadata = record.get(METADATA)
    text = json.dumps(metadata, ensure_ascii=False) if metadata else None
    return tuple(text if name == METADATA else values.get(name) for name in schema)


def _comes_back(value: Any, described: MetadataField | None) -> bool:
    """Whether a cell with this value is read as the same value again, and no spreadsheet program runs it."""
    if described is None or value is None or not has_type(value, described.data_type):
        return False
    if METADATA_TYPES.get(described.data_type.lower()) is None:
        return False
    if isinstance(value, str):
        return bool(value) and not value.startswith(FORMULA_STARTS)
    return not isinstance(value, float) or value == float(repr(value))


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value
