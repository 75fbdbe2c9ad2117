"""Valid records laid out by time as the bodies of chunks, and what the page says of all of them.

Comparing and reading back ask AuroraX for spans of time: a chunk whose records are all over the year is asked for all over the
year. So records that come in time order are laid out as they come; those that come late are set aside, and laid out in
their own order when all are there.
"""

import io
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import IO, NamedTuple

import polars as pl

from apps.uploads import spans
from apps.uploads.reader.messages import Part
from apps.validation.batches import Records

FIRST_RECORDS = 10
NEEDED = ("first", "last", "body")
HELD = 32_000_000  # bytes of bodies that are set aside in memory; then they go to disk
BLOCK = 1_000  # records that are read from there at once
MERGED = 20_000  # records that are put in order at once


class ChunkLayout:
    """Lays records out as JSON arrays of `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: list[Records] = []
        self._late = LateRecords()
        self.count = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.days: Counter[str] = Counter()
        self.first_records: list[bytes] = []
        self._latest: datetime | None = None  # start of a record that was not late

    def add(self, records: Records) -> Sequence[Part]:
        """Take records up; answers what makes whole chunks."""
        if records.is_empty():
            return []
        self._note(records)
        return self._whole(self._in_time_order(records.select(NEEDED)))

    def rest(self) -> Iterator[Sequence[Part]]:
        """What is left, a part of it at a time."""
        if self._late:
            waiting, self._waiting = self._waiting, []
            for records in self._late.in_time_order(waiting):
                yield self._whole(records)
        yield [_part(each) for each in self._waiting if len(each)]

    def _whole(self, records: Records) -> Sequence[Part]:
        waiting = pl.concat([*self._waiting, records])
        whole = len(waiting) // self._size * self._size
        self._waiting = [waiting.slice(whole)]
        return [_part(each) for each in waiting.head(whole).iter_slices(self._size)] if whole else []

    def _in_time_order(self, records: Records) -> Records:
        """Those that begin no earlier than one before them; the others are set aside."""
        first = records["first"]
        begun = self._latest or first[0]
        if not (first.is_sorted() and first[0] >= begun):
            latest = pl.Series([begun], dtype=first.dtype).append(first.head(-1)).cum_max()
            self._late.add(records.filter(first < latest))
            records = records.filter(first >= latest)
        if len(records):
            self._latest = records["first"][-1]
        return records

    def _note(self, records: Records) -> None:
        """What the page says of all of them."""
        self.count += len(records)
        times = spans.of_records(records)
        self.first = min(self.first or times[0][0], times[0][0])
        self.last = max(self.last or times[-1][1], times[-1][1])
        days = records["first"].dt.date().value_counts()
        self.days.update({day.isoformat(): count for day, count in days.iter_rows()})
        few = records["body"].head(FIRST_RECORDS - len(self.first_records))
        self.first_records += [body.encode() for body in few]


class Block(NamedTuple):
    """Sorted records on disk: the start of the first, and where they are."""

    first: datetime
    offset: int
    length: int


class LateRecords:
    """Records in any order, answered by time. What does not fit into memory is on disk, as runs that are each sorted."""

    def __init__(self) -> None:
        self._held: list[Records] = []
        self._bytes = 0
        self._blocks: list[Block] = []
        self._ends = ExitStack()
        self._file: IO[bytes] | None = None

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._held or self._blocks)

    def add(self, records: Records) -> None:
        """Set these aside."""
        self._held.append(records)
        self._bytes += int(records["body"].str.len_bytes().sum())
        if self._bytes > HELD:
            self._write()

    def in_time_order(self, others: Sequence[Records]) -> Iterator[Records]:
        """All of them, and these. What is on disk is gone then."""
        self._held += others
        if not self._blocks:
            yield pl.concat(self._held).sort("first")
            return
        self._write()
        with self._ends:
            yield from self._merged(sorted(self._blocks))

    def _merged(self, blocks: Sequence[Block]) -> Iterator[Records]:
        pool, enough = [self._read(blocks[0])], MERGED
        for block in blocks[1:]:
            if sum(map(len, pool)) >= enough:  # all that begin before this block are here
                found = pl.concat(pool).sort("first")
                ready = int((found["first"] < block.first).sum())
                yield found.head(ready)
                pool, enough = [found.slice(ready)], len(found) - ready + MERGED
            pool.append(self._read(block))
        yield pl.concat(pool).sort("first")

    def _write(self) -> None:
        """What is in memory, as another run."""
        if self._file is None:
            self._file = self._ends.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - it is one
        run, self._held, self._bytes = pl.concat(self._held).sort("first"), [], 0
        offset = self._file.seek(0, io.SEEK_END)
        for records in run.iter_slices(BLOCK):
            buffer = io.BytesIO()
            records.write_ipc_stream(buffer, compression="lz4", compat_level=pl.CompatLevel.oldest())
            length = self._file.write(buffer.getvalue())
            self._blocks.append(Block(records["first"][0], offset, length))
            offset += length

    def _read(self, block: Block) -> Records:
        if self._file is None:
            raise RuntimeError("Nothing was written.")
        self._file.seek(block.offset)
        return pl.read_ipc_stream(io.BytesIO(self._file.read(block.length)))


def _part(records: Records) -> Part:
    body = f"[{records['body'].str.join(',').item()}]".encode()
    return Part(count=len(records), spans=spans.of_records(records), body=body)
