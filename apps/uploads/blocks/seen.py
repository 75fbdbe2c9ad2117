"""Which keys a file has held so far, in little memory."""

from typing import Protocol

import numpy as np
import polars as pl

from apps.uploads.cells import YEARS


class Seen(Protocol):
    """Remembers the keys of one file."""

    def repeated(self, records: pl.DataFrame) -> pl.Series:
        """Which of these records have a key that came before, in the file or among themselves; remembers the rest."""


class SeenMinutes:
    """Keys that are minutes: one bit for each minute from 1900 to 2100. What is never touched takes no memory, so ten
    years of records take less than a megabyte.
    """

    def __init__(self) -> None:
        self._start = np.datetime64(f"{YEARS.start}-01-01", "m")
        end = np.datetime64(f"{YEARS.stop}-01-01", "m")
        self._seen = np.zeros(int((end - self._start).astype(int)) // 8 + 1, dtype=np.uint8)

    def repeated(self, records: pl.DataFrame) -> pl.Series:
        """By `first`, which is the record's epoch."""
        minutes = (records["first"].to_numpy().astype("datetime64[m]") - self._start).astype(np.int64)
        places, bits = minutes >> 3, np.left_shift(1, minutes & 7).astype(np.uint8)
        before = pl.Series(self._seen[places] & bits != 0, dtype=pl.Boolean)
        np.bitwise_or.at(self._seen, places, bits)
        return before | ~records["first"].is_first_distinct()


class SeenTexts:
    """Keys that are any text: eight bytes for each. That two texts share a hash is less likely than one in a million for
    a file of five million rows.
    """

    def __init__(self) -> None:
        self._hashes = np.empty(0, dtype=np.uint64)

    def repeated(self, records: pl.DataFrame) -> pl.Series:
        """By `key`."""
        hashes = records["key"].hash(seed=0).to_numpy()
        places = np.searchsorted(self._hashes, hashes)
        known = np.zeros(len(hashes), dtype=bool)
        inside = places < len(self._hashes)
        known[inside] = self._hashes[places[inside]] == hashes[inside]
        self._hashes = np.union1d(self._hashes, hashes)
        return pl.Series(known, dtype=pl.Boolean) | ~records["key"].is_first_distinct()
