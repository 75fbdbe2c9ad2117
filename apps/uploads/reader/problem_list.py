"""The list of an upload's problems and warnings, as CSV that no spreadsheet program takes for formulas."""

import csv
import heapq
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from io import TextIOWrapper
from types import TracebackType
from typing import BinaryIO, Self, TextIO, cast

from apps.ui.spreadsheets import harmless
from apps.validation.findings import Finding, Places

BLOCK = 1024 * 1024  # bytes
COLUMNS = ("column", "value", "severity", "problem", "what to do")


class ProblemList:
    """Of one file, in its order. What is found only when all rows are read is written apart, and put between in the end.

    A context manager: its files are gone afterwards.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._line = self._late_count = 0
        self._files = ExitStack()
        self._listing, self._late = self._file(), self._file()
        self._write, self._write_late = (csv.writer(file).writerow for file in (self._listing, self._late))
        self._write([places.noun, *places.more, *COLUMNS])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def write(self, found: Finding) -> None:
        """Take up one finding."""
        rule = found.rule
        details = [self._places.detail(found)] if self._places.more else []
        cells = [*map(harmless, [*details, found.column, found.value])]
        row = [found.line, *cells, rule.severity, rule.message, rule.hint]
        if found.line < self._line:
            self._late_count += 1
            self._write_late(row)
        else:
            self._line = found.line
            self._write(row)

    def write_to(self, target: BinaryIO) -> None:
        """All of it, with a header."""
        self._listing.seek(0)
        whole = self._merged() if self._late_count else self._listing
        whole.seek(0)
        target.seek(0)
        target.truncate()
        shutil.copyfileobj(cast("BinaryIO", cast("TextIOWrapper", whole).buffer), target, BLOCK)
        target.flush()

    def _merged(self) -> TextIO:
        self._late.seek(0)
        early, late, whole = csv.reader(self._listing), csv.reader(self._late), self._file()
        writer = csv.writer(whole)
        writer.writerow(next(early))
        writer.writerows(heapq.merge(early, late, key=_line))
        whole.flush()
        return whole

    def _file(self) -> TextIO:
        return self._files.enter_context(tempfile.TemporaryFile("w+", newline="", encoding="utf-8"))


def _line(row: Iterable[str]) -> int:
    return int(next(iter(row)))
