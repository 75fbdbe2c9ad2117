"""Parquet: columns with types, read some row groups at a time."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import BinaryIO

import polars as pl

from apps.uploads.blocks import Block
from apps.uploads.blocks.pieces import quoted
from apps.uploads.columns import METADATA, Matching, Meanings, NotReadable, require
from apps.uploads.readers.panics import as_sentence
from apps.uploads.readers.table import Layout, Table

MAGIC = b"PAR1"
ROWS = 20_000  # to a block
MOST_ROWS = 50_000_000  # a few kilobytes can claim any number
UNREADABLE = (
    "The Parquet file cannot be read: it is damaged or cut off, or uses what is not known here. Save it anew."
)
MOMENT = "%Y-%m-%dT%H:%M:%S%.f"


def open_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """Read the schema; rows follow as they are asked for. Raises `NotReadable`."""
    layout.notation.exact_texts = True
    copy = open_files.enter_context(tempfile.NamedTemporaryFile())  # noqa: SIM115 - it is one
    shutil.copyfileobj(stream, copy)
    copy.flush()
    with as_sentence(UNREADABLE):
        lazy = pl.scan_parquet(copy.name, glob=False)
        columns = _flat(lazy.collect_schema())
        rows = lazy.select(pl.len()).collect().item()
        first = (
            lazy.head(1)
            .select(expression.alias(header) for header, (expression, _) in columns.items())
            .collect()
        )
    if not rows:
        raise NotReadable("The file has columns and no rows. Choose a file with records in it.")
    if rows > MOST_ROWS:
        raise NotReadable(f"The file says that it has {rows:,} rows. Split it.")
    matching = _match(layout, first)
    return Table("Parquet", layout.dialect, matching, _blocks(lazy, columns, matching, layout))


def _flat(schema: Mapping[str, pl.DataType]) -> dict[str, tuple[pl.Expr, pl.DataType]]:
    """Header -> its column and type; the fields of a structure are headers of their own: `location_geo.lat`."""
    found: dict[str, tuple[pl.Expr, pl.DataType]] = {}
    for name, kind in schema.items():
        if isinstance(kind, pl.Struct):
            for field in kind.fields:
                column = pl.col(name).struct.field(field.name)
                found[f"{name}.{field.name}"] = column, field.dtype  # type: ignore[assignment]
        else:
            found[name] = pl.col(name), kind
    return found


def _match(layout: Layout, first: pl.DataFrame) -> Matching:
    meanings = Meanings(layout.columns, layout.mapping, layout.notation)
    matching = meanings.match(first.columns)
    require(matching, meanings.required)
    return meanings.question(matching, list(first.row(0)))


def _blocks(
    lazy: pl.LazyFrame, columns: Mapping[str, tuple[pl.Expr, pl.DataType]], matching: Matching, layout: Layout
) -> Iterator[Block]:
    chosen = {name: header for header, name in zip(matching.headers, matching.names, strict=True) if name}
    selected = lazy.select(columns[header][0].alias(name) for name, header in chosen.items())
    numbers = {column.name for column in layout.columns if column.holds == "number"}
    line = 1
    with as_sentence(UNREADABLE):
        for batch in selected.collect_batches(chunk_size=ROWS, maintain_order=True):
            for part in batch.iter_slices(ROWS):
                lines = pl.int_range(line, line + part.height, dtype=pl.UInt32, eager=True)
                line += part.height
                yield Block(lines, _cells(part, numbers))


def _cells(part: pl.DataFrame, numbers: set[str]) -> pl.DataFrame:
    """Numbers where numbers belong; text elsewhere; metadata with types of its own as JSON."""
    own = [name for name in part.columns if not name.startswith(METADATA)]
    columns = [
        part[name].cast(pl.Float64)
        if name in numbers and part[name].dtype.is_numeric()
        else as_text(part[name])
        for name in own
    ]
    return pl.DataFrame([*columns, *_metadata(part)])


def _metadata(part: pl.DataFrame) -> list[pl.Series]:
    if METADATA in part.columns:
        return [as_text(part[name]) for name in part.columns if name.startswith(METADATA)]
    named = [name for name in part.columns if name.startswith(METADATA)]
    if not named:
        return []
    members = [
        f"{quoted(pl.Series([name.partition('.')[2]])).item()}:" + as_json(part[name]) for name in named
    ]
    frame = pl.DataFrame([member.alias(str(place)) for place, member in enumerate(members)])
    joined = frame.select(pl.concat_str(pl.all(), separator=",", ignore_nulls=True)).to_series()
    return [("{" + joined + "}").set(joined == "", None).alias(METADATA)]


def as_text(column: pl.Series) -> pl.Series:
    """A column of any type as text; times in UTC, as ISO 8601."""
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        moments = column.dt.convert_time_zone("UTC") if kind.time_zone else column
        return moments.dt.to_string(MOMENT)
    if kind == pl.Date:
        return column.dt.to_string("%Y-%m-%dT00:00:00")
    if kind == pl.Binary:
        return column.cast(pl.String, strict=False)
    if kind.is_nested() or kind == pl.Object:
        return as_json(column)
    return column.cast(pl.String)


def as_json(column: pl.Series) -> pl.Series:
    """A column of any type as JSON values; null where there is none."""
    kind = column.dtype
    if kind.is_float():
        return column.set(~column.is_finite(), None).cast(pl.String)
    if kind.is_integer() or kind == pl.Boolean:
        return column.cast(pl.String)
    if kind.is_nested():
        encoded = pl.DataFrame({"v": column}).select(pl.struct("v").struct.json_encode()).to_series()
        return encoded.str.slice(5).str.strip_suffix("}").set(column.is_null(), None)
    return quoted(as_text(column))
