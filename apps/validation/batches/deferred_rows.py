"""Rows of a batch that are not plainly right. Those that are plainly wrong are told part by part.

A latitude of 95, everything else in order -> `RowValidator` is asked about the latitude and its longitude only; what the
batch has noted about the other columns counts, as it does for rows that are right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import polars as pl

from apps.validation.batches.batch import Batch, decoded
from apps.validation.batches.doubts import is_in
from apps.validation.batches.seconds import count_seconds
from apps.validation.findings import Findings
from apps.validation.row import Row, RowPart, RowValidator
from apps.validation.rules import Rule


class NotedRows(NamedTuple):
    """A notice or a warning about some of the rows, if they count."""

    rule: Rule
    column: str
    rows: pl.Series
    values: pl.Series


class ReadTimes(NamedTuple):
    """Times of a column as they are written, of the `rows` in which they are in order; `exact` is None where all are whole minutes."""

    column: str
    exact: pl.Series | None
    cells: pl.Series
    rows: pl.Series


@dataclass(frozen=True)
class DeferredRows:
    """Those of one batch, at their `positions`; `codes` are the parts in doubt (`Doubts.codes`)."""

    batch: Batch
    positions: pl.Series
    codes: pl.Series
    noted: Sequence[NotedRows]
    times: Sequence[ReadTimes]

    def report_wrong(self, row_validator: RowValidator, findings: Findings) -> "DeferredRows":
        """Report the rows that have a problem in a part that is in doubt; answers the others, which may be right."""
        if not self.codes.max():
            return self
        wrong = pl.Series(_Parts(self, row_validator).wrong(), dtype=pl.Boolean)
        for rule, column, rows, values in self.noted:
            told = pl.DataFrame(
                [self.batch.lines.alias("line"), values.alias("value"), self._keys(row_validator)]
            )
            told = told.filter(rows & wrong)
            findings.add_all(rule, column, told.iter_rows(), len(told))
        for column, exact, cells, rows in self.times:
            counted = count_seconds(exact, rows & wrong, self.batch.lines, cells)
            row_validator.times.cadences[column].note_all(*counted)
        left = ~wrong
        return replace(self, batch=self.batch.only(left), positions=self.positions.filter(left))

    def _keys(self, row_validator: RowValidator) -> pl.Series:
        return self.batch.column(row_validator.key_column).alias("key")


class _Parts:
    """The parts of these rows that are in doubt."""

    def __init__(self, deferred: DeferredRows, row_validator: RowValidator) -> None:
        self._batch, self._codes = deferred.batch, deferred.codes
        self._validator = row_validator
        self._columns: dict[str, Sequence[Any]] = {}

    def wrong(self) -> Iterator[bool]:
        """Which rows have a problem there, in turn."""
        in_doubt = {code: self._in_doubt(code) for code in self._codes.unique()}
        keys = self._batch.column(self._validator.key_column)
        is_wrong = self._validator.is_wrong
        rows = zip(self._codes, self._batch.lines, keys, strict=True)
        for place, (code, line, key) in enumerate(rows):
            parts, columns = in_doubt[code]
            yield bool(parts) and is_wrong(line, key, self._row(place, columns), parts)

    def _in_doubt(self, code: int) -> tuple[Sequence[RowPart], Sequence[tuple[str, Sequence[Any]]]]:
        """The parts of such a row, and their columns."""
        parts = [part for number, part in enumerate(self._validator.parts) if code >> number & 1]
        names = [name for name in self._batch.cells.columns if any(is_in(name, part) for part in parts)]
        return parts, [*map(self._column, names)]

    def _column(self, name: str) -> tuple[str, Sequence[Any]]:
        if name not in self._columns:
            self._columns[name] = self._batch.cells[name].to_list()
        return name, self._columns[name]

    def _row(self, place: int, columns: Sequence[tuple[str, Sequence[Any]]]) -> Row:
        row = {name: values[place] for name, values in columns}
        if self._batch.encoded:
            row = {
                name: decoded(value) if name in self._batch.encoded else value for name, value in row.items()
            }
        absent = self._batch.absent
        return (
            {name: value for name, value in row.items() if not self._is_absent(name, place)}
            if absent
            else row
        )

    def _is_absent(self, name: str, place: int) -> bool:
        absent = self._batch.absent
        return name in absent and bool(absent[name][place])
