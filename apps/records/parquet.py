"""Records as a Parquet file, written as they come.

polars writes into a file, and asks for more records, by threads of its own: what it has written is handed to whoever sends
it, and no more is asked for before that is taken.
"""

import io
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from queue import Full, Queue
from typing import Any, cast

import polars as pl
from polars.io.plugins import register_io_source

from apps.readers.json_rows import flat
from apps.validation.columns import METADATA, Column
from apps.validation.row import Record

MAGIC = b"PAR1"  # every Parquet file begins with it
ROW_GROUP = 10_000  # records: about a week of minutes, so that the file begins soon
PART = 1 << 14  # bytes that are handed over at once, at least
AHEAD = 8  # parts that wait to be sent
LISTEN = 0.1  # seconds between two looks whether anybody still wants more
POLARS = {"number": pl.Float64, "time": pl.String, "text": pl.String}
Schema = Mapping[str, Any]


def written(columns: Iterable[Column], blocks: Iterable[Sequence[Record]]) -> Iterator[bytes]:
    """The file, part by part. Raises whatever `blocks` raise, and then the file has no end."""
    schema = {column.name: POLARS[column.holds] for column in columns} | {METADATA: pl.String}
    writer = _Writer(schema, blocks)
    yield MAGIC
    yield from writer.parts()


class _Unwanted(Exception):
    """Nobody takes the file any more."""


class _Writer:
    """A thread that writes, and what it has written."""

    def __init__(self, schema: Schema, blocks: Iterable[Sequence[Record]]) -> None:
        self._schema, self._blocks = schema, blocks
        self._parts: Queue[bytes | None] = Queue(AHEAD)
        self._over = threading.Event()
        self._error: BaseException | None = None

    def parts(self) -> Iterator[bytes]:
        """What is behind the magic number. Whoever stops early stops the thread, too."""
        thread = threading.Thread(target=self._write, name="parquet", daemon=True)
        thread.start()
        try:
            while (part := self._parts.get()) is not None:
                yield part
        finally:
            self._over.set()
            thread.join()
        if self._error is not None:
            raise self._error

    def hand_over(self, part: bytes | None) -> None:
        """Wait until there is room for it; None is the end. Raises `_Unwanted`."""
        while not self._over.is_set():
            try:
                self._parts.put(part, timeout=LISTEN)
            except Full:
                continue
            return
        raise _Unwanted

    def _write(self) -> None:
        file = _Hatch(self)
        try:
            source = register_io_source(self._frames, schema=self._schema)
            source.sink_parquet(cast("Any", file), row_group_size=ROW_GROUP)
            file.hand_over_rest()
        except BaseException as error:  # noqa: BLE001 - it belongs to the other thread
            self._error = self._error or error
        with suppress(_Unwanted):
            self.hand_over(None)

    def _frames(self, *wanted: object) -> Iterator[pl.DataFrame]:
        try:
            for records in self._blocks:
                if self._over.is_set():
                    return
                yield _frame(records, self._schema)
        except BaseException as error:
            self._error = error  # polars makes another of it
            raise


class _Hatch(io.RawIOBase):
    """The file that polars writes into; the magic number it begins with was sent before."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._part = bytearray()
        self._cut = len(MAGIC)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Hand over what has come together."""
        self._part += data
        if len(self._part) >= PART:
            self.hand_over_rest()
        return len(data)

    def hand_over_rest(self) -> None:
        """What is not handed over yet."""
        part, self._cut, self._part = bytes(self._part[self._cut :]), 0, bytearray()
        self._writer.hand_over(part)


def _frame(records: Sequence[Record], schema: Schema) -> pl.DataFrame:
    return pl.DataFrame([_values(record, schema) for record in records], schema=schema, orient="row")


def _values(record: Record, schema: Schema) -> tuple[Any, ...]:
    values = flat(record)
    metadata = record.get(METADATA)
    text = json.dumps(metadata, ensure_ascii=False) if metadata else None
    return tuple(text if name == METADATA else values.get(name) for name in schema)
