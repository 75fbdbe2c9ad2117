"""Rows of cells under a header: what CSV and workbooks share."""

from collections.abc import Iterator, Sequence

import polars as pl

from apps.uploads import rules
from apps.uploads.blocks.block import Block, Told
from apps.uploads.columns import Matching, Meanings, NotReadable, require
from apps.uploads.readers.table import Layout

ROWS = 20_000  # to a block of rows that come one by one
Cells = Sequence[str | None]


def header_of(line: int, cells: Sequence[str]) -> list[str]:
    """The names of the columns. Raises `NotReadable` when there are values instead, or a column has no name."""
    if all(_is_value(cell) for cell in cells):
        raise NotReadable(f"Line {line} holds values. Put the names of the columns in the first line.")
    unnamed = [place for place, cell in enumerate(cells, start=1) if not cell.strip()]
    if unnamed:
        raise NotReadable(f"Column {unnamed[0]} has no name in line {line}. Name it, or remove the column.")
    return [cell.strip() for cell in cells]


def match(headers: Sequence[str], layout: Layout, first_rows: Sequence[Cells]) -> Matching:
    """What the headers mean, given the first rows below them. Raises `NotReadable`."""
    meanings = Meanings(layout.columns, layout.mapping, layout.notation)
    matching = meanings.match(headers)
    require(matching, meanings.required)
    samples = [next((row[place] for row in first_rows if place < len(row) and row[place]), None)
               for place in range(len(headers))]  # fmt: skip
    return meanings.question(matching, samples)


def blocks_of(
    rows: Iterator[tuple[int, int, Cells]], matching: Matching, size: int = ROWS
) -> Iterator[Block]:
    """Blocks of rows, each given with its first and last line. Blank ones are left out; those with cells too many or too
    few are told of, never shifted.
    """
    building = _Building(matching)
    for line, end, cells in rows:
        if any(cells):
            building.add(line, end, cells)
        if building.rows >= size:
            yield building.block()
            building = _Building(matching)
    if building.rows:
        yield building.block()


class _Building:
    """A block in the making."""

    def __init__(self, matching: Matching) -> None:
        self._matching, self._width = matching, len(matching.headers)
        self._lines: list[int] = []
        self._cells: list[Cells] = []
        self._told: list[Told] = []
        self._lost = 0

    @property
    def rows(self) -> int:
        return len(self._lines) + self._lost

    def add(self, line: int, end: int, cells: Cells) -> None:
        if len(cells) != self._width and (len(cells) < self._width or any(cells[self._width :])):
            self._told.append((rules.RAGGED, line, "", f"{len(cells)} cells, the header has {self._width}"))
            self._lost += 1
            return
        if end > line:
            self._told.append((rules.MULTI_LINE, line, "", f"lines {line} to {end}"))
        self._lines.append(line)
        self._cells.append(cells)

    def block(self) -> Block:
        columns = [
            pl.Series(name, [row[place] for row in self._cells], dtype=pl.String)
            for place, name in enumerate(self._matching.names)
            if name
        ]
        lines = pl.Series(self._lines, dtype=pl.UInt32)
        return Block(lines, pl.DataFrame(columns), lost=self._lost, told=self._told)


def _is_value(cell: str) -> bool:
    return not cell.strip() or cell.strip()[0] in "0123456789+-."
