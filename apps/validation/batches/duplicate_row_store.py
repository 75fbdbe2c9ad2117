"""Rows kept aside until all of a file are read, for a look at what they say: in little memory, whatever the file holds."""

from collections.abc import Iterator
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import polars as pl

from apps.validation.batches.seen_keys import EXACT

MOST_ROWS = 100_000  # rows
IN_MEMORY = 1_000_000  # bytes


class DuplicateRow(NamedTuple):
    """A row whose key another row further up has. `first` is the moment by which it stands in a chunk, naive UTC; `exact`
    the key as it is written, where that is a time, in milliseconds since 1970; `same` whether the other is written alike; `at` is the place of its record in the store, and so no other's.
    """

    line: int
    key: str
    first: int
    exact: int
    same: bool
    at: int
    size: int


class DuplicateRowStore:
    """Those of one file, as far as there is room; in the order of the file."""

    def __init__(self) -> None:
        self._bodies: IO[bytes] = BytesIO()
        self._parts: list[pl.DataFrame] = []
        self._count = self._end = 0

    def put(self, rows: pl.DataFrame) -> int:
        """Keep the first of these rows; answers how many. Once some were left, no others are kept."""
        rows = rows.head(MOST_ROWS - self._count)
        sizes = rows["body"].str.len_bytes().cast(pl.Int64)
        moment = pl.col("first").dt.timestamp("ms")
        exact = pl.col(EXACT) if EXACT in rows.columns else moment
        ends = pl.Series(sizes.cum_sum() + self._end)
        self._parts.append(
            rows.select("line", "key", moment, exact.alias(EXACT), "same", at=ends - sizes, size=sizes)
        )
        self._write("".join(rows["body"]).encode())
        self._count += len(rows)
        return len(rows)

    def rows(self) -> Iterator[DuplicateRow]:
        """All that are kept."""
        return (DuplicateRow(*row) for part in self._parts for row in part.iter_rows())

    def body(self, row: DuplicateRow) -> bytes:
        """The row's record as JSON."""
        self._bodies.seek(row.at)
        return self._bodies.read(row.size)

    def _write(self, bodies: bytes) -> None:
        self._end += len(bodies)
        if self._end > IN_MEMORY and isinstance(self._bodies, BytesIO):
            in_memory, self._bodies = self._bodies, TemporaryFile()  # noqa: SIM115 -- see `close`
            self._bodies.write(in_memory.getvalue())
        self._bodies.write(bodies)

    def close(self) -> None:
        """Forget the records."""
        self._bodies.close()
