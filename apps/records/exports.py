"""Records of a span as files that can be uploaded again and change nothing.

JSON, NDJSON and Parquet hold every record exactly, texts with the blanks at their ends. CSV does too, in its own way:
`record_csv`.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, BinaryIO, cast

import msgspec
import polars as pl
from polars.io.plugins import register_io_source

from apps.aurorax import AuroraX, DataSource
from apps.readers.json_rows import flat
from apps.records.listing_csv import RecordCsv
from apps.records.types import RecordRow, RecordType
from apps.validation.columns import METADATA
from apps.validation.row import Record

Batches = Iterable[list[RecordRow]]
_encoder = msgspec.json.Encoder()


class Export:
    """What AuroraX holds of one data source from `start` to `end`, both inclusive, batch after batch: also what begins
    before or ends after, so that nothing is in none of two exports that follow one another.
    """

    def __init__(
        self, kind: RecordType, client: AuroraX, source: DataSource, start: datetime, end: datetime
    ) -> None:
        self.kind, self.source = kind, source
        self._batches = kind.search_touching(client, source, start, end)

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
        records = map(self.kind.record_of, chain.from_iterable(self._batches))
        return (line.encode() for line in RecordCsv(self.kind, self.source).lines(records))

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
        for batch in self._batches:
            yield [self.source.key | self.kind.record_of(row) for row in batch]


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
