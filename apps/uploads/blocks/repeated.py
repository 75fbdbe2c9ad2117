"""Rows whose key another row further up has: told of and left out, since AuroraX would keep only the last of them."""

import polars as pl

from apps.uploads import rules
from apps.uploads.blocks.seen import EXACT, Seen
from apps.uploads.findings import Findings
from apps.uploads.reckoning import MINUTE


class Repeated:
    """Those of one file. The first record with a key counts."""

    def __init__(self, seen: Seen, findings: Findings, column: str) -> None:
        self._seen, self._findings, self._column = seen, findings, column

    def left_out(self, records: pl.DataFrame) -> pl.DataFrame:
        """The records without them."""
        same = self._seen.same(records)
        repeated = self._seen.repeated(records)
        if repeated.any():
            self._tell(records.with_columns(same=repeated if same is None else same).filter(repeated))
            records = records.filter(~repeated)
        return records.drop(EXACT) if EXACT in records.columns else records

    def _tell(self, records: pl.DataFrame) -> None:
        for line, key in records.filter("same").select("line", "key").iter_rows():
            self._findings.add(rules.DUPLICATE, line, self._column, key, key)
        others = records.filter(~pl.col("same"))
        if others.is_empty():
            return
        for line, key, exact in others.select("line", "key", _written(others)).iter_rows():
            self._findings.add(rules.SAME_MINUTE, line, self._column, exact, key)


def joined(records: pl.DataFrame, alone: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """All of a block in the order of the file; `places` are those of `records`. Times as they are written are known of all,
    or left out.
    """
    if EXACT not in records.columns:
        records = records.with_columns(pl.col("first").dt.timestamp("ms").alias(EXACT))
    placed = records.with_columns(places)
    found = pl.concat([placed, alone.select(placed.columns)]).sort("line", "place").drop("place")
    whole = found.select((pl.col(EXACT).is_null() | (pl.col(EXACT) % MINUTE == 0)).all()).item()
    return found.drop(EXACT) if whole else found


def _written(records: pl.DataFrame) -> pl.Expr:
    """Their times as they are written, to the millisecond."""
    exact = pl.from_epoch(EXACT, time_unit="ms") if EXACT in records.columns else pl.col("first")
    return exact.dt.to_string("%Y-%m-%dT%H:%M:%S%.3f")
