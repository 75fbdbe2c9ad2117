"""The list of an upload's problems and warnings, as CSV that no spreadsheet program takes for formulas."""

import csv
import heapq
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from io import TextIOWrapper
from types import TracebackType
from typing import BinaryIO, Self, TextIO, cast

from apps.ui.spreadsheets import harmless
from apps.validation.findings import Finding, Places
from apps.validation.rules import Rule

BLOCK = 1024 * 1024  # bytes
COLUMNS = ("column", "value", "severity", "problem", "what to do")


class ProblemList:
    """Of one file, in its order. What is found only when all rows are read is written apart, and put between in the end.

    A context manager: its files are gone afterwards.
    """

    def __init__(self, places: Places) -> None:
        self._places, self._has_details = places, bool(places.more)
        self._line = self._late_count = 0
        self._files = ExitStack()
        self._listing, self._late = self._file(), self._file()
        self._endings: dict[str, str] = {}  # of lines, by rule: what is the same in each of them is long
        csv.writer(self._listing).writerow([places.noun, *places.more, *COLUMNS])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def write(self, found: Finding) -> None:
        """Take up one finding."""
        details = [harmless(self._places.detail(found))] if self._has_details else []
        cells = _as_csv([found.line, *details, harmless(found.column), harmless(found.value)])
        line = f"{cells},{self._ending(found.rule)}"
        if found.line < self._line:
            self._late_count += 1
            self._late.write(line)
        else:
            self._line = found.line
            self._listing.write(line)

    def _ending(self, rule: Rule) -> str:
        if rule.slug not in self._endings:
            self._endings[rule.slug] = f"{_as_csv([rule.severity, rule.message, rule.hint])}\r\n"
        return self._endings[rule.slug]

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


class _HandsBack:
    """A file for the csv module that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


# The cells as they stand in a line, without its end.
_as_csv: Callable[[Iterable[object]], str] = csv.writer(_HandsBack(), lineterminator="").writerow


def _line(row: Iterable[str]) -> int:
    return int(next(iter(row)))
