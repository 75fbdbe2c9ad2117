"""Rows of cells under a header: what CSV and workbooks share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import polars as pl

from apps.readers.headers import SAMPLES, HeaderMapping, HeaderMatcher, require
from apps.readers.table import Layout
from apps.validation import null_words, rules, values
from apps.validation.batches.batch import Batch, ReaderFinding
from apps.validation.rules import Rule

ROWS = 20_000  # to a batch of rows that come one by one
Cells = Sequence[Any]  # texts; what is none becomes a number or a text with its column
Wrong = Mapping[int, Sequence[tuple[Rule, str, str]]]  # rows that cannot be read: rules, columns and values


def match_headers(
    headers: Sequence[str], layout: Layout, first_rows: Sequence[Cells], **found: Any
) -> HeaderMapping:
    """What the headers mean, given the first rows below them and how they are read. Raises `UnreadableFile`."""
    layout.note_headers(headers, **found)
    matcher = HeaderMatcher(layout.columns, layout.mapping, layout.value_formats)
    matching = matcher.match(headers)
    require(matching, matcher.required)
    return matcher.require_time_format(
        matching, [_samples(first_rows, place, layout) for place in range(len(headers))]
    )


def _samples(rows: Sequence[Cells], place: int, layout: Layout) -> list[str | None]:
    """The first values of a column; words such as NA stand for none. A decimal comma is a point, where it may be one."""
    cells = (row[place] for row in rows if place < len(row))
    if layout.value_formats.decimal_comma:
        cells = (values.pointed(cell) for cell in cells)
    return [*islice((cell for cell in cells if not null_words.is_null(cell)), SAMPLES)]


def batches_of(
    rows: Iterator[tuple[int, int, Cells]],
    matching: HeaderMapping,
    size: int = ROWS,
    wrong: Wrong | None = None,
    text_of: Callable[[Any], str] = str,
) -> Iterator[Batch]:
    """Blocks of rows, each given with its first and last line. Blank ones are left out; those with cells too many or too
    few are reported, never shifted, and so are those that are known to be `wrong`. `text_of` is for cells that are no texts.

    header a, b; rows "1,2", "", "3"  -> a: ["1"], b: ["2"]; the third is unreadable: RAGGED
    """
    building, wrong = _BatchBuilder(matching, text_of), dict(wrong or {})
    for line, end, cells in rows:
        if wrong and line in wrong:
            building.add_unreadable(line, wrong.pop(line))
        elif any(cells) or any(cell == 0 for cell in cells):
            building.add(line, end, cells)
        if building.rows >= size:
            yield building.batch()
            building = _BatchBuilder(matching, text_of)
    for line in sorted(wrong):  # below the last row with a value
        building.add_unreadable(line, wrong[line])
    if building.rows:
        yield building.batch()


class _BatchBuilder:
    """A batch in the making."""

    def __init__(self, matching: HeaderMapping, text_of: Callable[[Any], str]) -> None:
        self._matching, self._width, self._text_of = matching, len(matching.headers), text_of
        self._lines: list[int] = []
        self._cells: list[Cells] = []
        self._reported: list[ReaderFinding] = []
        self._unreadable = 0

    @property
    def rows(self) -> int:
        return len(self._lines) + self._unreadable

    def add(self, line: int, end: int, cells: Cells) -> None:
        if len(cells) != self._width and (len(cells) < self._width or any(cells[self._width :])):
            self._reported.append(
                (rules.RAGGED, line, "", f"{len(cells)} cells, the header has {self._width}")
            )
            self._unreadable += 1
            return
        if end > line:
            self._reported.append((rules.MULTI_LINE, line, "", f"lines {line} to {end}"))
        self._lines.append(line)
        self._cells.append(cells)

    def add_unreadable(self, line: int, found: Sequence[tuple[Rule, str, str]]) -> None:
        """A row that cannot be read, and why: rules, columns and values."""
        self._reported += [(rule, line, column, value) for rule, column, value in found]
        self._unreadable += 1

    def batch(self) -> Batch:
        columns = [
            self._column(name, [row[place] for row in self._cells])
            for place, name in enumerate(self._matching.names)
            if name
        ]
        lines = pl.Series(self._lines, dtype=pl.UInt32)
        return Batch(lines, pl.DataFrame(columns), unreadable=self._unreadable, reported=self._reported)

    def _column(self, name: str, cells: list[Any]) -> pl.Series:
        """Numbers where there is nothing but numbers; else texts: `[1.5, ""]` -> 1.5, null; `[1.5, "two"]` -> "1.5", "two"."""
        kinds = set(map(type, cells))
        if float in kinds and kinds <= {float, str} and not any(map(_is_text, cells)):
            return pl.Series(name, [None if cell == "" else cell for cell in cells], dtype=pl.Float64)
        texts = cells if kinds <= {str, type(None)} else [*map(self._text_of, cells)]
        return pl.Series(name, texts, dtype=pl.String)


def _is_text(cell: object) -> bool:
    return type(cell) is str and cell != ""
