"""Rows whose key another row further up has: reported and left out, since AuroraX would keep only the last of them."""

from collections.abc import Callable, Mapping

import polars as pl

from apps.validation import rules
from apps.validation.batches.duplicate_row_store import DuplicateRow, DuplicateRowStore
from apps.validation.batches.seen_keys import EXACT, SeenKeys
from apps.validation.findings import Findings
from apps.validation.rounding import MINUTE_MS

# Answers for rows kept aside, by `DuplicateRow.at`, how each differs from the one further up: in words, that are empty where it
# does not. A row without an answer could not be compared.
Compare = Callable[[DuplicateRowStore], Mapping[int, str]]


class DuplicateRows:
    """Those of one file. The first record with a key counts.

    What they say is compared when all rows are read: the record further up is in storage by then.
    """

    def __init__(self, seen: SeenKeys, findings: Findings, column: str) -> None:
        self._seen, self._findings, self._column = seen, findings, column
        self._store = DuplicateRowStore()

    def without_repeated(self, records: pl.DataFrame) -> pl.DataFrame:
        """The records without them."""
        same = self._seen.mark_exact_duplicates(records)
        repeated = self._seen.mark_duplicates(records)
        if repeated.any():
            self._put(records.with_columns(same=repeated if same is None else same).filter(repeated))
            records = records.filter(~repeated)
        return records.drop(EXACT) if EXACT in records.columns else records

    def report(self, compare: Compare | None) -> None:
        """Report those that were kept aside; when all batches have been taken up."""
        found = compare(self._store) if compare else {}
        for row in self._store.rows():
            if row.same:
                self._report(row, found.get(row.at))
        self.close()

    def close(self) -> None:
        """No more will be reported."""
        self._store.close()
        self._seen.close()

    def _put(self, records: pl.DataFrame) -> None:
        """Another time of the minute is reported at once, and kept aside because it may be repeated as well."""
        self._report_other_times(records.filter(~pl.col("same")))
        kept = self._store.put(records)
        others = records.slice(kept).filter("same").select("line", "key", also="key")
        self._findings.add_all(rules.NOT_COMPARED, self._column, others.iter_rows(), len(others))

    def _report(self, row: DuplicateRow, difference: str | None) -> None:
        rule, value = rules.DUPLICATE, row.key
        if difference is None:
            rule = rules.NOT_COMPARED
        elif difference:
            rule, value = rules.OTHER_VALUES, difference
        self._findings.add(rule, row.line, self._column, value, row.key)

    def _report_other_times(self, records: pl.DataFrame) -> None:
        if records.is_empty():
            return
        rows = records.select("line", _written(records), "key").iter_rows()
        self._findings.add_all(rules.SAME_MINUTE, self._column, rows, len(records))


def in_file_order(records: pl.DataFrame, alone: pl.DataFrame, positions: pl.Series) -> pl.DataFrame:
    """All of a batch in the order of the file; `positions` are those of `records`. Times as they are written are known of all,
    or left out.
    """
    if EXACT not in records.columns:
        records = records.with_columns(pl.col("first").dt.timestamp("ms").alias(EXACT))
    placed = records.with_columns(positions)
    found = pl.concat([placed, alone.select(placed.columns)]).sort("line", "place").drop("place")
    whole = found.select((pl.col(EXACT).is_null() | (pl.col(EXACT) % MINUTE_MS == 0)).all()).item()
    return found.drop(EXACT) if whole else found


def _written(records: pl.DataFrame) -> pl.Expr:
    """Their times as they are written, to the millisecond."""
    exact = pl.from_epoch(EXACT, time_unit="ms") if EXACT in records.columns else pl.col("first")
    return exact.dt.to_string("%Y-%m-%dT%H:%M:%S%.3f")
