"""Some thousands of rows of a file, as columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import polars as pl

from apps.validation.columns import gives
from apps.validation.row import Row
from apps.validation.rules import Rule

ReaderFinding = tuple[Rule, int, str, object] | tuple[Rule, int, str, object, str]


class CountedRows(NamedTuple):
    """Rows in which reading has changed a value, and what was there: told in a notice. Only the first few are looked at."""

    rule: Rule
    column: str
    lines: pl.Series
    values: pl.Series


@dataclass(frozen=True)
class Batch:
    """Rows as read, not checked.

    epoch, metadata.state           lines  epoch             metadata.state
    2020-01-01T00:00,on        ->   2      2020-01-01T00:00  on
    2020-01-01T00:01,               3      2020-01-01T00:01  null

    `cells` has a column for each canonical name (`epoch`, `location_geo.lat`, `metadata.state`): text, or numbers where
    the file's format has numbers; null where there is nothing. The column `metadata` holds JSON texts; `metadata_objects` are the
    same decoded, where the reader has them. `encoded` are columns of metadata whose texts are JSON values, because the
    format has types. `lines` are the lines of the file on which the rows begin, or the numbers of its records, from 1.
    `loose_rows` are rows that fit into no column: each stands alone. `unreadable` rows could not be read at all. `reported` is what
    reading found: rule, line, column, value, and the record's key where it is known. The file gives what there is a column
    for, be it empty; `absent` says of a column which rows do not have it all the same, as objects may. `counted` is what reading
    has changed in many rows at once.
    """

    lines: pl.Series
    cells: pl.DataFrame
    loose_rows: Sequence[tuple[int, Row]] = ()
    unreadable: int = 0
    reported: Sequence[ReaderFinding] = ()
    metadata_objects: Sequence[dict[str, Any] | None] | None = None
    encoded: frozenset[str] = frozenset()
    absent: Mapping[str, pl.Series] = field(default_factory=dict)
    counted: Sequence[CountedRows] = ()

    def __len__(self) -> int:
        """Rows of the file."""
        return len(self.lines) + len(self.loose_rows) + self.unreadable

    @classmethod
    def of_loose_rows(cls, rows: Sequence[tuple[int, Row]], reported: Sequence[ReaderFinding]) -> "Batch":
        """A batch of nothing but rows that stand alone, and of rows that could not be read and are reported."""
        return cls(pl.Series([], dtype=pl.UInt32), pl.DataFrame(), rows, len(reported), reported)

    def column(self, name: str) -> pl.Series:
        """One column; nulls where the file has none of that name."""
        if name in self.cells.columns:
            return self.cells[name]
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(self.lines))

    def gives(self, member: str) -> bool:
        """Whether the rows have columns for a member of the record."""
        return gives(self.cells.columns, member)

    def only(self, chosen: pl.Series) -> "Batch":
        """The chosen rows, and all that stand alone; without what is decoded already."""
        if not chosen.any():
            return replace(
                self, lines=self.lines.clear(), cells=self.cells.clear(), metadata_objects=None, absent={}
            )
        absent = {name: rows.filter(chosen) for name, rows in self.absent.items()}
        cells = self.cells.filter(chosen)
        return replace(
            self, lines=self.lines.filter(chosen), cells=cells, metadata_objects=None, absent=absent
        )

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows one by one, each with its line; those that stand alone at the end."""
        rows = self.cells.iter_rows(named=True)
        given = self._without_absent(rows) if self.absent else rows
        for line, row in zip(self.lines, given, strict=True):
            yield line, {**row, **{name: decoded(row[name]) for name in self.encoded if name in row}}
        yield from self.loose_rows

    def _without_absent(self, rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
        for place, row in enumerate(rows):
            yield {
                name: value
                for name, value in row.items()
                if name not in self.absent or not self.absent[name][place]
            }


def merge_batches(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """Small batches put together to batches of about so many rows: parsing goes well with short ones, columns with long."""
    waiting: list[Batch] = []
    count = 0
    for batch in batches:
        if waiting and not _fits(batch, waiting):
            yield _joined(waiting)
            waiting, count = [], 0
        waiting.append(batch)
        count += len(batch)
        if count >= rows:
            yield _joined(waiting)
            waiting, count = [], 0
    if waiting:
        yield _joined(waiting)


def _fits(batch: Batch, waiting: Sequence[Batch]) -> bool:
    """Whether it has the same columns: a column that is put in beside would be given, and empty."""
    columns = next((set(each.cells.columns) for each in waiting if len(each.lines)), None)
    return columns is None or not len(batch.lines) or columns == set(batch.cells.columns)


def _joined(batches: Sequence[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    whole = [batch for batch in batches if len(batch.lines)]
    known = [batch.metadata_objects for batch in whole]
    return Batch(
        lines=pl.concat([batch.lines for batch in whole]) if whole else pl.Series([], dtype=pl.UInt32),
        cells=pl.concat([batch.cells for batch in whole], how="diagonal") if whole else pl.DataFrame(),
        loose_rows=[row for batch in batches for row in batch.loose_rows],
        unreadable=sum(batch.unreadable for batch in batches),
        reported=[reported for batch in batches for reported in batch.reported],
        counted=[counted for batch in batches for counted in batch.counted],
        metadata_objects=None
        if None in known
        else [each for metadata_objects in known for each in metadata_objects or ()],
        encoded=frozenset[str]().union(*(batch.encoded for batch in whole)),
        absent={name: _absent(name, whole) for name in {name for batch in whole for name in batch.absent}},
    )


def decoded(text: str | None) -> Any:
    """The value of a JSON text; Python's decoder also takes NaN and Infinity, as typed formats have them."""
    return json.loads(text) if text else None


def _absent(name: str, batches: Sequence[Batch]) -> pl.Series:
    nowhere = pl.Series([False])
    return pl.concat(batch.absent.get(name, nowhere.new_from_index(0, len(batch.lines))) for batch in batches)
