"""Checked records of a file, as columns, ready to send."""

import msgspec
import polars as pl

from apps.validation.row import Record

# What checking answers: `body` is the record as JSON, `first` and `last` are its span (UTC, naive), `key` is what AuroraX
# keeps it by, `line` is where it stands in the file.
RECORDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "line": pl.UInt32,
    "key": pl.String,
    "first": pl.Datetime("us"),
    "last": pl.Datetime("us"),
    "body": pl.String,
}
Records = pl.DataFrame
NUL = r"\u0000"  # as JSON writes what no PostgreSQL keeps


def no_records() -> Records:
    """None, with their columns."""
    return pl.DataFrame(schema=RECORDS)


def encode(record: Record) -> str | None:
    """A record as JSON; None when it holds what JSON or AuroraX's database (PostgreSQL: no NUL) cannot."""
    try:
        body = msgspec.json.encode(record).decode()
    except (ValueError, OverflowError, RecursionError):
        return None
    return None if NUL in body else body
