"""NDJSON: one JSON object a line."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import polars as pl

from apps.readers.errors import UnreadableFile
from apps.readers.json_batches import UNUSUAL, TypedRecords
from apps.readers.json_rows import AHEAD, ObjectRows
from apps.readers.table import Layout, Table
from apps.validation.batches import Batch
from apps.validation.batches.batch import merge_batches
from apps.validation.findings import Places
from apps.validation.json_decoding import Decoder

MERGED_ROWS = 20_000  # rows to a batch that is handed on
READ_BYTES = 512 * 1024  # bytes
LONGEST_LINE = 4 * 1024 * 1024  # bytes
NOT_AN_OBJECT = "Line 1 is not a complete JSON object. Write one object a line, or one array: [ {…}, {…} ]."
ROWS = 5_000  # that are read one by one before whole batches are tried again


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Open the file; rows follow as they are asked for. Raises `UnreadableFile`. The text is UTF-8."""
    layout.value_formats.exact_texts = True
    layout.value_formats.has_null = True
    start = stream.tell()
    first = _first(stream)
    rows = ObjectRows(first, layout, _ahead(stream))
    stream.seek(start)
    typed = TypedRecords(first, rows, layout)
    batches = merge_batches(_Lines(stream, rows, typed).batches(), MERGED_ROWS)
    places = Places("line", keyed=True)
    return Table("NDJSON", layout.dialect, rows.matching, batches, places=places, met=rows.given)


def _first(stream: BinaryIO) -> dict[str, Any]:
    while line := stream.readline(LONGEST_LINE):
        if line.strip():
            try:
                found = Decoder().decode(line.decode())
            except (ValueError, RecursionError):
                raise UnreadableFile(NOT_AN_OBJECT) from None
            if isinstance(found, dict):
                return found
            break
    raise UnreadableFile(NOT_AN_OBJECT)


def _ahead(stream: BinaryIO) -> Iterator[Any]:
    """Some of the records from here on; what cannot be read is reported in its time."""
    decoder = Decoder()
    for line in islice(iter(lambda: stream.readline(LONGEST_LINE), b""), AHEAD):
        yield _decoded_or_text(line, decoder)


class _Lines:
    """The lines of the file, as batches."""

    def __init__(self, stream: BinaryIO, rows: ObjectRows, typed: TypedRecords) -> None:
        self._stream, self._rows, self._typed = stream, rows, typed
        self._line = 0  # lines behind us

    def batches(self) -> Iterator[Batch]:
        while text := self._next_text():
            count = text.count(b"\n") + (not text.endswith(b"\n"))
            batch = self._whole(text, count)
            if batch is not None:
                yield batch
            else:
                yield from self._one_by_one(text)
            self._line += count

    def _next_text(self) -> bytes:
        """Whole lines."""
        text = self._stream.read(READ_BYTES)
        if len(text) == READ_BYTES and not text.endswith(b"\n"):
            text += self._stream.readline(LONGEST_LINE)
        return text

    def _whole(self, text: bytes, count: int) -> Batch | None:
        """The batch as it is when nothing in it is unusual."""
        try:
            records = self._typed.lines(text)
            if len(records) != count:
                return None
            lines = pl.int_range(self._line + 1, self._line + 1 + count, dtype=pl.UInt32, eager=True)
            return self._typed.batch(lines, records, text)
        except UNUSUAL:
            return None

    def _one_by_one(self, text: bytes) -> Iterator[Batch]:
        """A line that is not JSON comes as its text, which is no object and is reported as such."""
        decoder = Decoder()
        lines = enumerate(text.split(b"\n"), start=self._line + 1)
        records = (
            (n, _decoded_or_text(line, decoder), decoder.repeated) for n, line in lines if line.strip()
        )
        while some := list(islice(records, ROWS)):
            yield self._rows.batch(some)


def _decoded_or_text(line: bytes, decoder: Decoder) -> Any:
    text = line.decode(errors="replace")
    try:
        return decoder.decode(text.strip())
    except (ValueError, RecursionError):
        return text
