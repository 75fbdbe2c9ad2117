"""Parquet: columns with types, read some row groups at a time."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import BinaryIO

import polars as pl
from polars.datatypes import DataTypeClass

from apps.readers import typed_columns
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMapping
from apps.readers.rust_panics import as_unreadable
from apps.readers.table import Layout, Table
from apps.validation.batches import Batch
from apps.validation.columns import METADATA

MAGIC = b"PAR1"
ROWS = 20_000  # to a batch
AHEAD = 50  # rows that are looked at before the rest
MOST_ROWS = 50_000_000  # a few kilobytes can claim any number
UNREADABLE = (
    "The Parquet file cannot be read: it is damaged or cut off, or uses what is not known here. Save it anew."
)


def open_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """Read the schema; rows follow as they are asked for. Raises `UnreadableFile`."""
    layout.value_formats.exact_texts = True
    layout.value_formats.has_null = True
    copy = open_files.enter_context(tempfile.NamedTemporaryFile())  # noqa: SIM115 - it is one
    shutil.copyfileobj(stream, copy)
    copy.flush()
    with as_unreadable(UNREADABLE):
        lazy = pl.scan_parquet(copy.name, glob=False)
        columns = _flat(lazy.collect_schema())
        rows = lazy.select(pl.len()).collect().item()
        first = (
            lazy.head(AHEAD)
            .select(expression.alias(header) for header, expression in columns.items())
            .collect()
        )
    if not rows:
        raise UnreadableFile("The file has columns and no rows. Choose a file with records in it.")
    if rows > MOST_ROWS:
        raise UnreadableFile(f"The file says that it has {rows:,} rows. Split it.")
    matching = typed_columns.match(layout, first)
    return Table("Parquet", layout.dialect, matching, _batches(lazy, columns, matching, layout))


def _flat(schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    """Header -> its column; the fields of a structure are headers of their own, however deep: `location_geo.lat`."""
    found: dict[str, pl.Expr] = {}
    for name, kind in schema.items():
        for header, column in _leaves(name, pl.col(name), kind):
            if header in found:
                raise UnreadableFile(f"There are two columns “{header}”. Keep one of them.")
            found[header] = column
    return found


def _leaves(name: str, column: pl.Expr, kind: "pl.DataType | DataTypeClass") -> Iterator[tuple[str, pl.Expr]]:
    """A column, or the fields of a structure. Members of metadata stay whole: they may be objects."""
    if not isinstance(kind, pl.Struct) or name.startswith(f"{METADATA}."):
        yield name, column
        return
    for part in kind.fields:
        yield from _leaves(f"{name}.{part.name}", column.struct.field(part.name), part.dtype)


def _batches(
    lazy: pl.LazyFrame, columns: Mapping[str, pl.Expr], matching: HeaderMapping, layout: Layout
) -> Iterator[Batch]:
    chosen = {name: header for header, name in zip(matching.headers, matching.names, strict=True) if name}
    selected = lazy.select(columns[header].alias(name) for name, header in chosen.items())
    numbers = {column.name for column in layout.columns if column.holds == "number"}
    line = 1
    with as_unreadable(UNREADABLE):
        for frame in selected.collect_batches(chunk_size=ROWS, maintain_order=True):
            for part in frame.iter_slices(ROWS):
                yield typed_columns.batch(part, line, numbers)
                line += part.height
