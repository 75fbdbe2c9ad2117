"""Hashes of one file, ever so many: the last million in memory, those before in temporary files.

    20,000, 20,000, ...   in memory, in sorted runs that are merged like the digits of a binary counter
    1,048,576             is a run on disk: in memory remain 16 bits of a filter for each hash, and one hash of 512

So time grows with the file and no faster, and memory by two bytes a hash.
"""

import os
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any

import numpy as np

IN_MEMORY = 1 << 20  # hashes
BLOCK = 512  # hashes: what is read from disk at once, 4 KB
FILTER_BITS = 16  # for each hash
# Different parts of a hash say where its bits are: one hash in two hundred seems to be there and is looked for in vain.
PARTS = (0, 20, 40)
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Answers = np.ndarray[Any, np.dtype[np.bool_]]
Run = np.ndarray[Any, np.dtype[Any]]  # sorted numbers
_BITS = np.left_shift(1, np.arange(8)).astype(np.uint8)


class HashStore:
    """Those of one file."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._runs: list[Hashes] = []  # each sorted, and longer than those behind it
        self._on_disk: list[_RunOnDisk] = []

    def take(self, hashes: Hashes) -> Answers:
        """Which of these were there before; remembers them."""
        order = np.argsort(hashes)
        in_order = hashes[order]
        known = np.zeros(len(hashes), dtype=np.bool_)
        for run in self._runs:
            known |= contains(run, in_order)
        for stored in self._on_disk:
            known |= stored.contains(in_order)
        self._add(np.unique(in_order[~known]))
        found = np.empty_like(known)
        found[order] = known
        return found

    def close(self) -> None:
        """Forget what is on disk."""
        for stored in self._on_disk:
            stored.close()

    def _add(self, run: Hashes) -> None:
        self._runs = with_run(self._runs, run)
        if sum(map(len, self._runs)) >= self._in_memory:
            self._on_disk.append(_RunOnDisk(np.sort(np.concatenate(self._runs), kind="stable")))
            self._runs = []


class _RunOnDisk:
    """A sorted run in a temporary file."""

    def __init__(self, run: Hashes) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 -- see `close`
        self._file.write(run.tobytes())
        self._file.flush()
        self._first = run[::BLOCK].copy()  # of each block
        self._bits = (len(run) * FILTER_BITS - 1).bit_length()
        self._filter = np.zeros(1 << (self._bits - 3), dtype=np.uint8)
        for part in PARTS:
            places = self._places(run, part)
            np.bitwise_or.at(self._filter, places >> 3, _BITS[places & 7])

    def contains(self, hashes: Hashes) -> Answers:
        """Which of these sorted hashes are in there."""
        left = np.arange(len(hashes))
        for part in PARTS:
            places = self._places(hashes[left], part)
            left = left[(self._filter[places >> 3] & _BITS[places & 7]) != 0]
        found = np.zeros(len(hashes), dtype=np.bool_)
        if len(left):
            found[left] = self._look_up(hashes[left])
        return found

    def close(self) -> None:
        """Forget it."""
        self._file.close()

    def _look_up(self, hashes: Hashes) -> Answers:
        blocks = np.searchsorted(self._first, hashes, side="right") - 1
        found = np.zeros(len(hashes), dtype=np.bool_)
        begins = np.flatnonzero(np.diff(blocks, prepend=-2))
        for begin, end in zip(begins, [*begins[1:], len(hashes)], strict=True):
            if blocks[begin] >= 0:
                found[begin:end] = contains(self._block(int(blocks[begin])), hashes[begin:end])
        return found

    def _block(self, number: int) -> Hashes:
        size = BLOCK * 8
        return np.frombuffer(os.pread(self._file.fileno(), size, number * size), dtype=np.uint64)

    def _places(self, hashes: Hashes, part: int) -> Places:
        return (hashes >> np.uint64(part)).view(np.int64) & ((1 << self._bits) - 1)


def with_run(runs: Sequence[Run], run: Run) -> list[Run]:
    """Sorted runs and one more, merged like the digits of a binary counter: [4 numbers], [2], add 2 -> [8 numbers]."""
    merged = [*runs]
    while merged and len(merged[-1]) <= len(run):
        run = np.sort(np.concatenate([merged.pop(), run]), kind="stable")  # joins them in one go
    return [*merged, run]


def contains(run: Run, numbers: Run) -> Answers:
    """Which of the numbers are in the run: `[10, 20, 30]`, `[20, 25]` -> yes, no."""
    places = np.searchsorted(run, numbers)
    inside = places < len(run)
    found = np.zeros(len(numbers), dtype=np.bool_)
    found[inside] = run[places[inside]] == numbers[inside]
    return found
