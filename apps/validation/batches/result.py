"""The first half of checking a batch: what is plainly right becomes records, whole columns at a time.

A row that is not plainly right costs time, never correctness: it is deferred to `RowValidator`, which alone knows every rule.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from apps.validation import rules
from apps.validation.batches import json_text, metadata, numbers, times
from apps.validation.batches.batch import Batch
from apps.validation.batches.deferred_rows import DeferredRows, NotedRows, ReadTimes
from apps.validation.batches.doubts import Doubts
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.records import NUL, Records, no_records
from apps.validation.batches.seconds import SecondCounts, count_seconds
from apps.validation.batches.seen_keys import EXACT
from apps.validation.findings import EXAMPLES, Findings
from apps.validation.row import RowValidator
from apps.validation.rules import NOTICE, Rule
from apps.validation.time_formats import TimeFormat
from apps.validation.values import DECIMAL_COMMA, time_format_of


@dataclass(frozen=True)
class Fields:
    """A record's own fields as JSON, in the API's order; what AuroraX keeps it by, and its span (UTC, naive). `exact` is the
    key as it is written, where that is a time and not always a whole minute: milliseconds since 1970. `watched` is what may be
    unusual about a record that is right (`apps.validation.unusual`).
    """

    json: Mapping[str, JsonParts]
    key: pl.Series
    first: pl.Series
    last: pl.Series
    exact: pl.Series | None = None
    watched: Mapping[str, pl.Series] = field(default_factory=dict)


Remark = tuple[Rule, str, pl.Series, pl.Series]  # column, and its rows and their values
RemarkRows = tuple[Rule, str, pl.DataFrame]  # column, and lines, values and keys


class BatchResult(ABC):
    """The rows of one batch that are plainly right, as records. `rows` is how many there are in all.

    Of the batch only the deferred rows are kept: several results wait for one another, and a batch is large.
    """

    def __init__(self, batch: Batch, row_validator: RowValidator) -> None:
        self.batch = batch
        self._doubts = Doubts(len(batch.lines), row_validator.parts)
        self._rows = row_validator
        self._value_formats = row_validator.value_formats
        self._remarks: list[Remark] = []
        self._remarks_where_right: list[Remark] = []
        self._read_times: list[tuple[str, pl.Series | None, pl.Series]] = []  # times: column, exact, cells
        self.lacks: set[str] = (
            set()
        )  # members that the records do not have, because the rows do not give them
        self.watched = pl.DataFrame()
        for name, absent in batch.absent.items():
            self._defer(absent, name)
        self.records = self._check_rows() if len(batch.lines) else no_records()
        remarks = [*self._remarks, *self._remarks_where_right]
        self._reported: list[RemarkRows] = [self._of_checked_rows(*remark) for remark in remarks]
        self._counted = [self._count(*read_times) for read_times in self._read_times]
        self.rows = len(batch)
        self.height = len(batch.lines)
        positions = _positions(self._deferred)
        self.positions = positions.filter(~self._deferred)
        self.deferred = self._deferred_rows(positions)
        del self.batch, self._remarks, self._remarks_where_right, self._read_times, self._doubts

    @abstractmethod
    def _fields(self) -> Fields:
        """The record's own fields; rows that are not plainly right are marked with `_defer`."""

    def report_to(self, findings: Findings) -> None:
        """Notices and warnings of the rows that are right; the deferred rows are reported when they are checked."""
        for rule, column, rows in self._reported:
            few = EXAMPLES if rule.severity is NOTICE else len(rows)
            findings.add_all(rule, column, rows.head(few).iter_rows(), len(rows))
        for column, seconds in self._counted:
            self._rows.times.cadences[column].note_all(*seconds)

    def _count(self, column: str, exact: pl.Series | None, cells: pl.Series) -> tuple[str, SecondCounts]:
        """The seconds of the times that are right, for `Cadence`."""
        return column, count_seconds(exact, ~self._deferred, self.batch.lines, cells)

    @property
    def _deferred(self) -> pl.Series:
        return self._doubts.rows

    def _deferred_rows(self, positions: pl.Series) -> DeferredRows:
        """The rows that are not plainly right, with what is known about those of their parts that are."""
        deferred, noted, read = self._deferred, list[NotedRows](), list[ReadTimes]()
        if deferred.any():
            for rule, column, rows, values in self._remarks:
                meant = (rows & self._doubts.sure(column)).filter(deferred)
                noted += [NotedRows(rule, column, meant, values.filter(deferred))] if meant.any() else []
            for column, exact, cells in self._read_times:
                own = None if exact is None else exact.filter(deferred)
                sure = self._doubts.sure(column).filter(deferred)
                read.append(ReadTimes(column, own, cells.filter(deferred), sure))
        codes = self._doubts.codes().filter(deferred)
        return DeferredRows(self.batch.only(deferred), positions.filter(deferred), codes, noted, read)

    def _of_checked_rows(self, rule: Rule, column: str, rows: pl.Series, values: pl.Series) -> RemarkRows:
        """A remark, of the rows that are right."""
        noted = [self.batch.lines.alias("line"), values.alias("value"), self._keys.alias("key")]
        return rule, column, pl.DataFrame(noted).filter(rows & ~self._deferred)

    def _check_rows(self) -> Records:
        fields = self._fields()
        self._keys = fields.key
        found = metadata.metadata_of(self.batch, self._rows.schema, self._value_formats)
        self._defer(found.deferred, "metadata")
        for warned in found.warned:
            self._note(warned.rule, warned.column, warned.rows, warned.values)
        self._check_source()
        body = json_text.concat_rows(json_text.json_object(self._members(fields, found)), self._deferred)
        own = {"line": self.batch.lines, "key": fields.key, "first": fields.first, "last": fields.last}
        if fields.exact is not None:
            own[EXACT] = fields.exact
        records, watched = pl.DataFrame(own), pl.DataFrame({"line": self.batch.lines, **fields.watched})
        if self._deferred.any():
            records, watched = records.filter(~self._deferred), watched.filter(~self._deferred)
        self.watched = watched
        records.insert_column(len(own), body)
        storable = ~body.str.contains(NUL, literal=True)
        if not storable.all():
            positions = _positions(self._deferred)
            self._defer(positions.is_in(positions.filter(~self._deferred).filter(~storable).implode()))
            records, self.watched = records.filter(storable), watched.filter(storable)
        return records

    def _members(self, fields: Fields, found: metadata.Metadata) -> dict[str, JsonParts]:
        """All that the rows give of a record."""
        identity = {name: json_text.constant(value) for name, value in self._rows.identity.items()}
        members = {**identity, **fields.json}
        if self.batch.gives("metadata"):
            members["metadata"] = found.json
        self.lacks.update(name for name in self._rows.optional if name not in members)
        return members

    def _check_source(self) -> None:
        """Defer rows that name a data source, and not exactly this one."""
        identity = self._rows.identity | {"data_source.identifier": str(self._rows.source.identifier)}
        for column, expected in identity.items():
            if column in self.batch.cells.columns:
                given = self.batch.column(column).cast(pl.String)
                self._defer(~((given == expected) | (given == "")).fill_null(value=True), column)

    def _times(self, column: str) -> times.Times:
        """A required time, naive UTC."""
        cells = self.batch.column(column)
        if self._value_formats.decimal_comma and cells.dtype == pl.String:
            cells = cells.str.replace(DECIMAL_COMMA, "$1.$2")
        time_format = self._value_formats.time_formats.get(column) or self._detect_format(column, cells)
        found = times.times(cells, time_format, self._rows.times.rounding_of(column))
        self._defer(found.deferred, column)
        for rule, rows in [*found.notices, *times.doubts(found.minutes, self._rows.times.bounds(column))]:
            self._note(rule, column, rows, cells)
        self._read_times.append((column, found.exact, cells))
        return found

    def _detect_format(self, column: str, cells: pl.Series) -> TimeFormat:
        """That of the column's first time; until there is one, ISO 8601 will do."""
        known = next((time_format for value in cells if (time_format := time_format_of(value))), None)
        return self._value_formats.time_formats.setdefault(column, known) if known else TimeFormat.ISO

    def _numbers(self, names: Sequence[str]) -> pl.DataFrame:
        """Columns of numbers or null."""
        cells = pl.DataFrame([self.batch.column(name).alias(name) for name in names])
        found = numbers.numbers(cells, decimal_comma=self._value_formats.decimal_comma)
        for name, deferred in found.deferred.items():
            self._defer(deferred, name)
        for name, fills in found.fills.items():
            self._note(rules.FILL_VALUE, name, fills, cells[name])
        for name, words in found.words.items():
            self._note(rules.NO_VALUE, name, words, cells[name])
        return found.values

    def _defer(self, odd: pl.Series, column: str | None = None) -> None:
        """Leave these rows to `RowValidator`: because of the part with this column, if it is one."""
        self._doubts.add(odd, column)

    def _note(self, rule: Rule, column: str, rows: pl.Series, values: pl.Series) -> None:
        if rows.any():
            self._remarks.append((rule, column, rows, values))

    def _note_where_right(self, rule: Rule, column: str, rows: pl.Series, values: pl.Series) -> None:
        """What counts only for rows that are sent: `RowValidator._complete` says it of the others."""
        if rows.any():
            self._remarks_where_right.append((rule, column, rows, values))


def _positions(rows: pl.Series) -> pl.Series:
    """Where each row stands in its batch, from 0: a JSON file may have all of them on one line."""
    return pl.int_range(len(rows), dtype=pl.UInt32, eager=True).alias("place")
