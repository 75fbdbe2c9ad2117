"""Checking a batch at a time: what is plainly right becomes records together, every other row is looked at by itself.

    check_vectorised(batch) -> BatchResult   several at once: whole columns; knows nothing of other batches
    complete(result)        -> Records       in the order of the file: single rows, repeated keys, findings

Only `RowValidator` knows what is a problem and reports it; of a row that is plainly wrong it looks at what is in doubt.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from itertools import chain, count, repeat
from typing import ClassVar

import polars as pl

from apps.aurorax.times import parse
from apps.validation import rules
from apps.validation.batches.batch import Batch
from apps.validation.batches.duplicate_rows import Compare, DuplicateRows, in_file_order
from apps.validation.batches.records import RECORDS, Records, encode
from apps.validation.batches.result import BatchResult
from apps.validation.batches.seen_keys import EXACT, SeenKeys
from apps.validation.batches.time_distribution import TimeDistribution
from apps.validation.findings import EXAMPLES, Findings
from apps.validation.questions import Question
from apps.validation.row import Record, RowValidator
from apps.validation.unusual import NothingWatched, Watched


class BatchValidator(ABC):
    """Checks one file: it remembers which keys it has seen, and how the times of each column are written."""

    result_class: type[BatchResult]
    seen_keys_class: type[SeenKeys]
    watched_class: ClassVar[type[Watched]] = NothingWatched
    spans: ClassVar[Mapping[str, str]]  # `first` and `last` of a record: the columns they are from

    def __init__(self, row_validator: RowValidator, findings: Findings) -> None:
        self._rows = row_validator
        self._findings = findings
        key = row_validator.key_column
        self._duplicates = DuplicateRows(self.seen_keys_class(), findings, key)
        self._time_distribution = TimeDistribution(self.spans, key, row_validator.times.date_order)
        self.lacks: set[str] = set()  # members that some of the records do not have
        self.watched = self.watched_class()

    @abstractmethod
    def _key_of(self, record: Record) -> tuple[str, str, str]:
        """Key, first and last moment of a single record, as text."""

    def check_vectorised(self, batch: Batch) -> BatchResult:
        """The first half, which may be done for several batches at once, once the first batch of a file is done: it says
        how times are written.
        """
        return self.result_class(batch, self._rows)

    def complete(self, result: BatchResult) -> Records:
        """The second half, in the order of the file: all records of the batch, ready to send."""
        result.report_to(self._findings)
        self.lacks |= result.lacks
        checked = self._check_deferred(result)
        for finding in result.deferred.batch.reported:
            self._findings.add(*finding)
        for rule, column, lines, values in result.deferred.batch.counted:
            few = zip(lines.head(EXAMPLES), values.head(EXAMPLES), repeat(None), strict=False)
            self._findings.add_all(rule, column, few, len(lines))
        records = in_file_order(result.records, checked, result.positions) if len(checked) else result.records
        self._time_distribution.observe(records)
        if len(result.watched):
            self.watched.observe(result.watched)
        records = self._duplicates.without_repeated(records)
        self._findings.flush()
        return records

    def questions(self) -> Sequence[Question]:
        """What only a person can say, now that all rows have been looked at; answered or not."""
        return self._rows.times.questions()

    def unfit(self) -> set[str]:
        """Names of answers, to be asked for when all rows have been looked at, without which the file is to be read again."""
        return self._rows.times.unfit()

    def conclude(self, compare: Compare | None = None) -> None:
        """Report what only all rows together show. `compare` says how repeated rows differ."""
        self._duplicates.report(compare)
        self._time_distribution.report_to(self._findings)

    def close(self) -> None:
        """Nothing more will be reported."""
        self._duplicates.close()

    def check(self, batch: Batch) -> Records:
        """Both halves, for a batch by itself."""
        return self.complete(self.check_vectorised(batch))

    def _check_deferred(self, result: BatchResult) -> Records:
        """The deferred and the loose rows: each a record after all, with its position in the batch, or reported."""
        found, watched = [], []
        deferred = result.deferred.report_wrong(self._rows, self._findings)
        positions = chain(deferred.positions, count(result.height))
        for (line, row), position in zip(deferred.batch.rows(), positions, strict=False):
            record = self._rows.check(line, row)
            body = encode(record) if record is not None else None
            if record is not None and body is None:
                self._findings.add(rules.NOT_STORABLE, line, "", "", row.get(self._rows.key_column))
            if record is not None and body is not None:
                self.lacks.update(name for name in self._rows.optional if name not in record)
                key, first, last = self._key_of(record)
                exact = self._rows.times.exact.get(self._rows.key_column)
                found.append((line, key, _naive(first), _naive(last), body, position, exact))
                watched.append((line, record))
        self.watched.observe_each(watched)
        schema = {**RECORDS, "place": pl.UInt32, EXACT: pl.Int64}
        return pl.DataFrame(found, schema=schema, orient="row")


def _naive(text: str) -> object:
    return parse(text).replace(tzinfo=None)
