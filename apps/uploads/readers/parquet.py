"""Parquet: columns with types, read some row groups at a time."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import reduce
from typing import BinaryIO, cast

import msgspec
import polars as pl

from apps.uploads import rules
from apps.uploads.blocks import Block
from apps.uploads.blocks.block import Told
from apps.uploads.columns import METADATA, Matching, Meanings, NotReadable, require
from apps.uploads.readers import columnar, printed
from apps.uploads.readers.panics import as_sentence
from apps.uploads.readers.table import Layout, Table

MAGIC = b"PAR1"
ROWS = 20_000  # to a block
MOST_ROWS = 50_000_000  # a few kilobytes can claim any number
UNREADABLE = (
    "The Parquet file cannot be read: it is damaged or cut off, or uses what is not known here. Save it anew."
)


def open_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """Read the schema; rows follow as they are asked for. Raises `NotReadable`."""
    copy = open_files.enter_context(tempfile.NamedTemporaryFile())  # noqa: SIM115 - it is one
    shutil.copyfileobj(stream, copy)
    copy.flush()
    with as_sentence(UNREADABLE):
        lazy = pl.scan_parquet(copy.name, glob=False)
        columns = _flat(lazy.collect_schema())
        rows = lazy.select(pl.len()).collect().item()
        first = (
            lazy.head(1).select(expression.alias(header) for header, expression in columns.items()).collect()
        )
    if not rows:
        raise NotReadable("The file has columns and no rows. Choose a file with records in it.")
    if rows > MOST_ROWS:
        raise NotReadable(f"The file says that it has {rows:,} rows. Split it.")
    matching = _match(layout, first)
    return Table("Parquet", layout.dialect, matching, _blocks(lazy, columns, matching, layout))


def _flat(schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    """Header -> its column; the fields of a structure are headers of their own: `location_geo.lat`."""
    found: dict[str, pl.Expr] = {}
    for name, kind in schema.items():
        columns = {name: pl.col(name)}
        if isinstance(kind, pl.Struct) and not name.startswith(f"{METADATA}."):
            fields = [field.name for field in kind.fields]
            columns = {f"{name}.{field}": pl.col(name).struct.field(field) for field in fields}
        if twice := columns.keys() & found.keys():
            raise NotReadable(f"There are two columns “{min(twice)}”. Keep one of them.")
        found |= columns
    return found


def _match(layout: Layout, first: pl.DataFrame) -> Matching:
    printed.refuse(first[header].item() for header in first.columns if first[header].dtype == pl.String)
    meanings = Meanings(layout.columns, layout.mapping, layout.notation)
    matching = meanings.match(first.columns)
    require(matching, meanings.required)
    return meanings.question(matching, [_sample(first[header]) for header in first.columns])


def _sample(column: pl.Series) -> float | str | None:
    """What may be a number; of no other type does it matter."""
    if column.dtype.is_numeric():
        return cast("float | None", column.cast(pl.Float64).item())
    return cast("str", column.item()) if column.dtype == pl.String else None


def _blocks(
    lazy: pl.LazyFrame, columns: Mapping[str, pl.Expr], matching: Matching, layout: Layout
) -> Iterator[Block]:
    chosen = {name: header for header, name in zip(matching.headers, matching.names, strict=True) if name}
    selected = lazy.select(columns[header].alias(name) for name, header in chosen.items())
    numbers = {column.name for column in layout.columns if column.holds == "number"}
    line = 1
    with as_sentence(UNREADABLE):
        for batch in selected.collect_batches(chunk_size=ROWS, maintain_order=True):
            for part in batch.iter_slices(ROWS):
                yield _block(part, line, numbers)
                line += part.height


def _block(part: pl.DataFrame, line: int, numbers: set[str]) -> Block:
    """The rows, without those that hold a value which cannot be written: they are told of."""
    lines = pl.int_range(line, line + part.height, dtype=pl.UInt32, eager=True)
    cells, told = _Cells(part, numbers), list[Told]()
    for name, rows in cells.wrong.items():
        values = [_shown(part[name], place) for place in rows.arg_true()]
        told += [
            (rules.NO_FORM, line, name, value) for line, value in zip(lines.filter(rows), values, strict=True)
        ]
    for name, rows in cells.fills.items():
        told += [(rules.FILL_VALUE, line, name, "NaN") for line in lines.filter(rows)]
    if not cells.wrong:
        return Block(lines, cells.whole, told=told)
    lost = reduce(pl.Series.__or__, cells.wrong.values())
    return Block(lines.filter(~lost), cells.whole.filter(~lost), lost=int(lost.sum()), told=told)


class _Cells:
    """Numbers where numbers belong; text elsewhere; metadata with types of its own as JSON. `wrong`: rows whose value has
    no form. `fills`: rows whose NaN stands for no value.
    """

    def __init__(self, part: pl.DataFrame, numbers: set[str]) -> None:
        self._part, self._numbers = part, numbers
        self.wrong: dict[str, pl.Series] = {}
        self.fills: dict[str, pl.Series] = {}
        own = [self._own(part[name]) for name in part.columns if not _is_metadata(name)]
        named = [name for name in part.columns if _is_metadata(name) and name != METADATA]
        objects = [self._object(part[METADATA])] if METADATA in part.columns else []
        self.whole = pl.DataFrame([*own, *(self._joined(named, objects) if named else objects)])

    def _own(self, column: pl.Series) -> pl.Series:
        if column.name in self._numbers and column.dtype.is_numeric():
            return column.cast(pl.Float64)
        return self._noted(column.name, columnar.as_text(column))

    def _object(self, column: pl.Series) -> pl.Series:
        """The column `metadata`: text as in a CSV file, or a map."""
        if column.dtype.is_nested():
            return self._noted(METADATA, columnar.as_json(column))
        return self._noted(METADATA, columnar.as_text(column))

    def _joined(self, names: Sequence[str], objects: Sequence[pl.Series]) -> list[pl.Series]:
        """Members that are columns of their own, as one object."""
        members = [self._member(name) for name in names]
        frame = pl.DataFrame([member.alias(str(place)) for place, member in enumerate(members)])
        joined = frame.select(pl.concat_str(pl.all(), separator=",", ignore_nulls=True)).to_series()
        found = ("{" + joined + "}").set(joined == "", None).alias(METADATA)
        return [_merged(objects[0], found) if objects else found]

    def _member(self, name: str) -> pl.Series:
        column = self._part[name]
        if column.dtype.is_float() and (no_numbers := column.is_nan().fill_null(value=False)).any():
            self.fills[name] = no_numbers
        key = msgspec.json.encode(name.partition(".")[2]).decode()
        return f"{key}:" + self._noted(name, columnar.as_json(column))

    def _noted(self, name: str, written: columnar.Written) -> pl.Series:
        if written.wrong.any():
            self.wrong[name] = written.wrong
        return written.texts.alias(name)


def _is_metadata(name: str) -> bool:
    return name == METADATA or name.startswith(f"{METADATA}.")


def _merged(objects: pl.Series, members: pl.Series) -> pl.Series:
    """Both as one object. Where a name stands in both, the JSON says so, and whoever reads it tells of it."""
    texts = []
    for whole, more in zip(objects, members, strict=True):
        both = whole is not None and more is not None and whole.strip() not in ("", "{}")
        texts.append(f"{whole.strip()[:-1]},{more[1:]}" if both and _is_object(whole) else more or whole)
        if both and not _is_object(whole):
            texts[-1] = whole  # is told of as no object
    return pl.Series(METADATA, texts, dtype=pl.String)


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _shown(column: pl.Series, place: int) -> str:
    """A value for people; some of these, Python cannot bear either."""
    try:
        return str(column[place])
    except (ValueError, OverflowError):
        return str(column.dtype)
