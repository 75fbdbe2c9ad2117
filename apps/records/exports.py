"""Records of a span as files that can be uploaded again and change nothing.

JSON, NDJSON and Parquet hold every record exactly, texts with the blanks at their ends. CSV does too, in its own way:
`listing_csv`. All are written as the records come, so that a file of any length takes no more memory than a few months of
records. What goes wrong on the way is raised: whoever sends the file then breaks it off.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain

import msgspec

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.times import SECOND, TimeSpan
from apps.jobs.prefetch import batched
from apps.records import parquet
from apps.records.listing_csv import RecordCsv
from apps.records.types import RecordRow, RecordType
from apps.records.windows import read_windows
from apps.validation.row import Record

BLOCK = 1_000  # records that are written at once
BEGINNING = timedelta(
    days=2
)  # AuroraX answers at once for so short a span (API document: synchronous searches)
BEGINNINGS = 4
_encoder = msgspec.json.Encoder()


class Export:
    """What AuroraX holds of one data source from `start` to `end`, both inclusive, block after block: also what begins
    before or ends after, so that nothing is in none of two exports that follow one another.
    """

    def __init__(
        self, kind: RecordType, client: AuroraX, source: DataSource, start: datetime, end: datetime
    ) -> None:
        self.kind, self.source = kind, source
        self._batches = _batches(kind, client, source, start, end)

    def begin(self) -> None:
        """Ask AuroraX for the first records. Raises `errors.AuroraXError`: a page can still say so."""
        self._batches = chain([next(self._batches, [])], self._batches)

    def ndjson(self) -> Iterator[bytes]:
        """One record a line."""
        for records in self._named():
            yield _encoder.encode_lines(records)

    def json(self) -> Iterator[bytes]:
        """One array."""
        before = b"["
        for records in self._named():
            yield before + _encoder.encode(records)[1:-1]
            before = b",\n"
        yield b"]" if before != b"[" else b"[]"

    def csv(self) -> Iterator[bytes]:
        """A header, and a row for each record."""
        for block in RecordCsv(self.kind, self.source).blocks(self._records()):
            yield block.encode()

    def parquet(self) -> Iterator[bytes]:
        """A row group for some thousand records. Metadata is JSON in a column of text."""
        return parquet.written(self.kind.columns, self._named())

    def _named(self) -> Iterator[list[Record]]:
        """With the names of the data source, as uploads have them."""
        names = self.source.key
        for records in self._records():
            yield [names | record for record in records]

    def _records(self) -> Iterator[list[Record]]:
        """In the API's shape, without names; no block is empty."""
        for batch in self._batches:
            for rows in batched(batch, BLOCK):
                yield [*map(self.kind.record_of, rows)]


FORMATS: dict[str, tuple[str, Callable[[Export], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", Export.csv),
    "json": ("application/json", Export.json),
    "ndjson": ("application/x-ndjson", Export.ndjson),
    "parquet": ("application/vnd.apache.parquet", Export.parquet),
}

COMPRESSED = frozenset({"parquet"})  # formats that are small by themselves


def _batches(
    kind: RecordType, client: AuroraX, source: DataSource, start: datetime, end: datetime
) -> Iterator[list[RecordRow]]:
    """Several windows at once where none can cut a record in two."""
    if not kind.key_is_time:
        return kind.search_touching(client, source, start, end)
    windows = kind.windows(client, source, beginning_soon(start, end))
    return read_windows(kind, client, source, windows)


def beginning_soon(start: datetime, end: datetime) -> Iterator[TimeSpan]:
    """The same span in parts, the first of which are so short that the file begins at once."""
    for _ in range(BEGINNINGS):
        if start <= end:
            yield start, min(start + BEGINNING - SECOND, end)
        start += BEGINNING
    if start <= end:
        yield start, end
