"""Which rows of a batch are not plainly right, and which parts of them."""

from collections.abc import Sequence

import polars as pl

from apps.validation.row import METADATA, RowPart


class Doubts:
    """Those of one batch of `height` rows.

    A latitude of 95 in the second row, a NUL in the third
        -> rows: no, yes, yes; codes: 0, 0b100, 0    only part 2 of the second row is in doubt, of the third everything
    """

    def __init__(self, height: int, parts: Sequence[RowPart]) -> None:
        self.rows = self._everything = pl.Series([False]).new_from_index(0, height)
        self._by_part: dict[int, pl.Series] = {}
        numbered = reversed([*enumerate(parts)])  # a column belongs to the first part that names it
        self._part_of = {column: number for number, part in numbered for column in part.columns}

    def add(self, odd: pl.Series, column: str | None) -> None:
        """Rows of which the part with this column is in doubt; None: everything."""
        if not odd.any():
            return
        self.rows = self.rows | odd
        part = self._number(column)
        if part is None:
            self._everything = self._everything | odd
        else:
            self._by_part[part] = self._by_part[part] | odd if part in self._by_part else odd

    def sure(self, column: str) -> pl.Series:
        """Rows that are in doubt, but for the part with this column."""
        part = self._by_part.get(-1 if (number := self._number(column)) is None else number)
        found = self.rows & ~self._everything
        return found if part is None else found & ~part

    def codes(self) -> pl.Series:
        """For each row the parts that are in doubt, as bits; 0 where that may be any."""
        found = pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(self.rows))
        for part, rows in self._by_part.items():
            found = found | rows.cast(pl.UInt32) * (1 << part)
        return found * (~self._everything).cast(pl.UInt32)

    def _number(self, column: str | None) -> int | None:
        return None if column is None else self._part_of.get(_name_in_parts(column))


def is_in(column: str, part: RowPart) -> bool:
    """Whether a part looks at a column."""
    return _name_in_parts(column) in part.columns


def _name_in_parts(column: str) -> str:
    return METADATA if column.startswith(f"{METADATA}.") else column
