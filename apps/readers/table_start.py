"""The first row of a table among the first lines of a text: below titles, at the names of columns, or at the first data."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from apps.readers.dialect import BLANKS
from apps.readers.errors import UnreadableFile
from apps.readers.header import is_value
from apps.readers.headers import HeaderMatcher
from apps.readers.table_lines import words
from apps.validation.findings import display_value

HIGHEST = 1_000  # rows that may stand above the names of columns in a sheet
LONGEST_SHOWN = 40  # characters of what is left out

_date = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}-[A-Za-z]{3}-\d{4}").fullmatch
_clock = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d*)?)?").fullmatch

SheetRow = tuple[int, Sequence[object]]  # its number and cells


class TableStart(NamedTuple):
    """The table begins in line `row` of those that were looked at, and has so many columns. `known` of its names are those of
    columns; with `is_data` the first row holds values already. Between words, `joins_times` says that a date and the
    time of day behind it are one cell.
    """

    delimiter: str
    row: int = 0
    width: int = 0
    known: int = 0
    is_data: bool = False
    joins_times: bool = False

    @property
    def is_table(self) -> bool:
        """Whether there are two columns or more, and values in them."""
        return self.width > 1

    def names_in(self, comment: str) -> Sequence[str] | None:
        """The names of the columns, where the comment has one for each."""
        cells = [cell.strip() for cell in _cells(comment, self.delimiter)]
        is_header = len(cells) == self.width and all(cells) and not any(map(is_value, cells))
        return cells if is_header else None


def table_start(lines: Sequence[str], delimiter: str, matcher: HeaderMatcher) -> TableStart:
    """Where the table begins when cells are separated by `delimiter`: in the first line, unless rows of values that are alike
    show that it is no part of it.
    """
    rows = [_cells(line, delimiter) for line in lines]
    start = _start(rows, delimiter, matcher)
    if delimiter != BLANKS:
        return start
    joined = _start([[*_joined(row)] for row in rows], delimiter, matcher)
    fits_better = joined.width < start.width and (joined.known > 0 or start.known == 0)
    return joined._replace(joins_times=True) if fits_better else start


def _start(rows: Sequence[Sequence[str]], delimiter: str, matcher: HeaderMatcher) -> TableStart:
    data = _first_data(rows)
    if data is None:
        return TableStart(delimiter, known=_known(rows[0], matcher))
    width = len(rows[data])
    # The column of row numbers has no name where R writes it.
    headers = [n for n in range(data) if len(rows[n]) in (width, width - 1)]
    if headers:
        known = {n: _known(rows[n], matcher) for n in headers}
        best = max(headers, key=known.__getitem__)  # of several the first
        if best == 0 or known[best] or all(len(row) < 2 for row in rows[:best]):
            return TableStart(delimiter, best, width, known[best])
    elif data and all(len(row) < 2 for row in rows[:data]) and not _known(rows[0], matcher):
        return TableStart(delimiter, data, width, is_data=True)
    return TableStart(delimiter, 0, width, _known(rows[0], matcher), is_data=data == 0)


def _first_data(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row with values among those that have as many cells as most."""
    holds = [n for n, row in enumerate(rows) if len(row) > 1 and any(map(is_value, row))]
    widths = Counter(len(rows[n]) for n in holds)
    if not widths:
        return None
    usual = widths.most_common(1)[0][0]
    return next(n for n in holds if len(rows[n]) == usual)


def _known(cells: Sequence[str], matcher: HeaderMatcher) -> int:
    return sum(bool(cell.strip() and matcher.of(cell)) for cell in cells)


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; one that runs on into the next is cut off."""
    if delimiter == BLANKS:
        return words(line)
    with suppress(csv.Error):
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return cells if any(cell.strip() for cell in cells) else []
    return []


def _joined(cells: Sequence[str]) -> Iterator[str]:
    """Dates with the times of day behind them: 2020-01-01, 00:00:00, 51.0  -> 2020-01-01 00:00:00, 51.0."""
    before = ""
    for cell in cells:
        if before and _clock(cell):
            yield f"{before} {cell}"
            before = ""
            continue
        if before:
            yield before
        before = cell if _date(cell) else ""
        if not before:
            yield cell
    if before:
        yield before


def below_titles(
    rows: Iterator[SheetRow], text_of: Callable[[object], str], matcher: HeaderMatcher
) -> tuple[list[str], SheetRow]:
    """The first row of a sheet that is neither blank nor a title, and the text of those above it. A title is alone in its row,
    though there are more columns, and no name of one. Raises `UnreadableFile` for an empty sheet.
    """
    seen: list[tuple[SheetRow, list[str]]] = []
    for row in islice(rows, HIGHEST):
        written = [text for text in map(text_of, row[1]) if text.strip()]
        if len(written) > 1 or (written and (len(row[1]) == 1 or matcher.of(written[0]))):
            blank_above = [""] * ((seen[0][0][0] if seen else row[0]) - 1)
            return blank_above + [" ".join(texts) for _, texts in seen], row
        seen.append((row, written))
    for row, written in seen:  # nothing but titles, which the header's own check refuses
        if written:
            return [], row
    raise UnreadableFile("The sheet is empty. Choose one with records in it.")


def above_table(rows: Sequence[str], noun: str) -> str:
    """What stands above the table and is no part of it, for people; `noun` is what a row is called."""
    written = [n for n, row in enumerate(rows, start=1) if row.strip()]
    if not written:
        return ""
    first, last = written[0], written[-1]
    shown = display_value(rows[first - 1].strip())[:LONGEST_SHOWN]
    if first == last:
        return f"{noun.capitalize()} {first:,} stands above the table and was left out (“{shown}”)."
    return f"{noun.capitalize()}s {first:,} to {last:,} stand above the table and were left out (“{shown}”)."
