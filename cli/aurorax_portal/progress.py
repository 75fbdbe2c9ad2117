"""What is going on, on the error output: a bar on a terminal, a line for each step elsewhere."""

import sys
import time
from typing import TextIO

WIDTH = 30  # characters of the bar
EVERY = 0.2  # seconds between two drawings


class Progress:
    """Says how far it is. `quiet` says nothing."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._bar = not quiet and self._stream.isatty()
        self._said, self._drawn_at, self._is_open = "", 0.0, False

    def step(self, words: str) -> None:
        """Another step has begun; the same again is not said again."""
        if words == self._said or self._quiet:
            return
        self._close()
        self._said = words
        print(words, file=self._stream, flush=True)

    def at(self, done: int, total: int, unit: str) -> None:
        """How much of it is done. Off a terminal nothing is said: cron would mail every line."""
        now = time.monotonic()
        if not self._bar or total <= 0 or (now - self._drawn_at < EVERY and done < total):
            return
        self._drawn_at, self._is_open = now, True
        filled = WIDTH * done // total
        bar = "#" * filled + "." * (WIDTH - filled)
        print(
            f"\r  [{bar}] {100 * done // total:3d}% of {total:,} {unit}  ",
            end="",
            file=self._stream,
            flush=True,
        )

    def _close(self) -> None:
        if self._is_open:
            print(file=self._stream)
        self._is_open = False

    def end(self) -> None:
        """Nothing more will be said."""
        self._close()
