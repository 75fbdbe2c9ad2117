"""Which keys a file has held so far, in little memory.

Three rows: 00:00:00, 00:00:30, 00:00:30 again. AuroraX keeps all of them by the minute 00:00.

    mark_duplicates        -> no, yes, yes    the minute came before
    mark_exact_duplicates  -> no, no,  yes    so did the time as it is written
"""

from typing import Any, Protocol

import numpy as np
import polars as pl

from apps.aurorax.times import YEARS
from apps.validation.batches.hash_store import HashStore, contains, with_run
from apps.validation.rounding import MINUTE_MS

EXACT = "exact"  # the column of times as they are written, in milliseconds since 1970


class SeenKeys(Protocol):
    """Remembers the keys of one file."""

    def mark_duplicates(self, records: pl.DataFrame) -> pl.Series:
        """Which of these records have a key that came before, in the file or among themselves; remembers the others."""

    def mark_exact_duplicates(self, records: pl.DataFrame) -> pl.Series | None:
        """Which of them have not only the key of one that came before, but are written alike; None: all that have. Is asked
        before `mark_duplicates`, each time.
        """

    def close(self) -> None:
        """Nothing more will be asked."""


class SeenMinutes:
    """Keys that are minutes. Times that are no whole minutes are remembered besides, from the first one on."""

    def __init__(self) -> None:
        self._minutes = _SeenMinuteBits()
        self._exact: _SeenMilliseconds | None = None

    def mark_duplicates(self, records: pl.DataFrame) -> pl.Series:
        """By `first`, which is the record's epoch."""
        before = self._minutes.take(records["first"].to_numpy().astype("datetime64[m]"))
        return pl.Series(before, dtype=pl.Boolean) | ~records["first"].is_first_distinct()

    def mark_exact_duplicates(self, records: pl.DataFrame) -> pl.Series | None:
        """By `exact`, where some time of the file is no whole minute."""
        if self._exact is None:
            if EXACT not in records.columns:
                return None
            self._exact = _SeenMilliseconds(self._minutes.copy())
        moments = records[EXACT] if EXACT in records.columns else records["first"].dt.timestamp("ms")
        return (
            pl.Series(self._exact.take(moments.to_numpy()), dtype=pl.Boolean) | ~moments.is_first_distinct()
        )

    def close(self) -> None:
        """All of it is in memory."""


class _SeenMinuteBits:
    """One bit for each minute from 1900 to 2100. What is never touched takes no memory, so ten years of records take less
    than a megabyte.
    """

    def __init__(self) -> None:
        self._start = np.datetime64(f"{YEARS.start}-01-01", "m")
        end = np.datetime64(f"{YEARS.stop}-01-01", "m")
        self._seen = np.zeros(int((end - self._start).astype(int)) // 8 + 1, dtype=np.uint8)

    def copy(self) -> "_SeenMinuteBits":
        """The same minutes, remembered apart from these."""
        found = _SeenMinuteBits()
        touched = np.flatnonzero(self._seen)
        found._seen[touched] = self._seen[touched]
        return found

    def take(self, moments: "np.ndarray[Any, Any]") -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Which of these were there before; remembers them."""
        minutes = (moments - self._start).astype(np.int64)
        places, bits = minutes >> 3, np.left_shift(1, minutes & 7).astype(np.uint8)
        before: np.ndarray[Any, np.dtype[np.bool_]] = self._seen[places] & bits != 0
        np.bitwise_or.at(self._seen, places, bits)
        return before


class _SeenMilliseconds:
    """Milliseconds since 1970: eight bytes for each that is no whole minute, a bit for each that is."""

    def __init__(self, minutes: _SeenMinuteBits) -> None:
        self._whole = minutes
        self._runs: list[np.ndarray[Any, np.dtype[np.int64]]] = []

    def take(self, moments: "np.ndarray[Any, np.dtype[np.int64]]") -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Which of these were there before; remembers them."""
        whole = moments % MINUTE_MS == 0
        before = np.zeros(len(moments), dtype=bool)
        before[whole] = self._whole.take((moments[whole] // MINUTE_MS).astype("datetime64[m]"))
        others = moments[~whole]
        known = np.zeros(len(others), dtype=np.bool_)
        for run in self._runs:
            known |= contains(run, others)
        before[~whole] = known
        self._runs = with_run(self._runs, np.sort(others))
        return before


class SeenTexts:
    """Keys that are any text, by their hashes of 64 bits. That two texts share one is less likely than one in a million for
    a file of five million rows.
    """

    def __init__(self) -> None:
        self._hashes = HashStore()

    def mark_duplicates(self, records: pl.DataFrame) -> pl.Series:
        """By `key`."""
        before = self._hashes.take(records["key"].hash(seed=0).to_numpy())
        return pl.Series(before, dtype=pl.Boolean) | ~records["key"].is_first_distinct()

    def mark_exact_duplicates(self, records: pl.DataFrame) -> pl.Series | None:
        """All that are repeated."""
        return None

    def close(self) -> None:
        """Forget the hashes that are on disk."""
        self._hashes.close()
