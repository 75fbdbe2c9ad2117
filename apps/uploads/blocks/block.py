"""Some thousands of rows of a file, as columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from apps.uploads.rules import Rule

Row = Mapping[str, Any]
Told = tuple[Rule, int, str, object] | tuple[Rule, int, str, object, str]


@dataclass(frozen=True)
class Block:
    """Rows as read, not checked.

    `cells` has a column for each canonical name (`epoch`, `location_geo.lat`, `metadata.state`): text, or numbers where
    the file's format has numbers; null where there is nothing. The column `metadata` holds JSON texts; `objects` are the
    same decoded, where the reader has them. `encoded` are columns of metadata whose texts are JSON values, because the
    format has types. `lines` are the lines of the file on which the rows begin, or the numbers of its records, from 1. `others`
    are rows that fit into no column: each stands alone. `lost` rows could not be read at all. `told` is what reading
    found: rule, line, column, value, and the record's key where it is known.
    """

    lines: pl.Series
    cells: pl.DataFrame
    others: Sequence[tuple[int, Row]] = ()
    lost: int = 0
    told: Sequence[Told] = ()
    objects: Sequence[dict[str, Any] | None] | None = None
    encoded: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """Rows of the file."""
        return len(self.lines) + len(self.others) + self.lost

    @classmethod
    def of_others(cls, rows: Sequence[tuple[int, Row]], told: Sequence[Told]) -> "Block":
        """A block of nothing but rows that stand alone, and of rows that could not be read and are told of."""
        return cls(pl.Series([], dtype=pl.UInt32), pl.DataFrame(), rows, len(told), told)

    def column(self, name: str) -> pl.Series:
        """One column; nulls where the file has none of that name."""
        if name in self.cells.columns:
            return self.cells[name]
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(self.lines))

    def only(self, chosen: pl.Series) -> "Block":
        """The chosen rows, and all that stand alone; without what is decoded already."""
        if not chosen.any():
            return replace(self, lines=self.lines.clear(), cells=self.cells.clear(), objects=None)
        return replace(self, lines=self.lines.filter(chosen), cells=self.cells.filter(chosen), objects=None)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows one by one, each with its line; those that stand alone at the end."""
        for line, row in zip(self.lines, self.cells.iter_rows(named=True), strict=True):
            yield line, row | {name: _decoded(row[name]) for name in self.encoded}
        yield from self.others


def gathered(blocks: Iterable[Block], rows: int) -> Iterator[Block]:
    """Small blocks put together to blocks of about so many rows: readers like them small, columns like them long."""
    waiting: list[Block] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        if count >= rows:
            yield _joined(waiting)
            waiting, count = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(blocks: Sequence[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    whole = [block for block in blocks if len(block.lines)]
    known = [block.objects for block in whole]
    return Block(
        lines=pl.concat([block.lines for block in whole]) if whole else pl.Series([], dtype=pl.UInt32),
        cells=pl.concat([block.cells for block in whole], how="diagonal") if whole else pl.DataFrame(),
        others=[row for block in blocks for row in block.others],
        lost=sum(block.lost for block in blocks),
        told=[told for block in blocks for told in block.told],
        objects=None if None in known else [each for objects in known for each in objects or ()],
        encoded=frozenset[str]().union(*(block.encoded for block in whole)),
    )


def _decoded(text: str | None) -> Any:
    """What a JSON value says; Python's reader also knows not-a-number and infinity."""
    return json.loads(text) if text else None
