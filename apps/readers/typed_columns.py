"""Columns with types, whatever the format: what their names mean, and batches of them."""

import json
from collections.abc import Collection, Sequence
from functools import reduce
from itertools import islice
from typing import Any

import polars as pl

from apps.readers import parquet_values, printed_objects
from apps.readers.errors import UnreadableFile
from apps.readers.headers import SAMPLES, HeaderMapping, HeaderMatcher, require
from apps.readers.rust_panics import without_panic
from apps.readers.table import Layout
from apps.validation import null_words, rules
from apps.validation.batches import Batch
from apps.validation.batches.batch import ReaderFinding
from apps.validation.columns import METADATA

UNBEARABLE = "A value cannot be shown."
COARSE = (
    "The times in “{header}” are {kind}, which is too coarse for the minute: Unix seconds are then up to a minute beside what"
    " was meant. Save the column as float64, as integers or as timestamps, and upload the file again."
)


def match(layout: Layout, first: pl.DataFrame, **found: Any) -> HeaderMapping:
    """What the columns mean, by their names and first values, given how they are read. Raises `UnreadableFile`."""
    printed_objects.refuse(first[header][0] for header in first.columns if first[header].dtype == pl.String)
    layout.note_headers(first.columns, **found)
    matcher = HeaderMatcher(layout.columns, layout.mapping, layout.value_formats)
    matching = matcher.match(first.columns)
    require(matching, matcher.required)
    _refuse_coarse_times(
        first, matching, {column.name for column in layout.columns if column.holds == "time"}
    )
    return matcher.require_time_format(matching, [_samples(first[header]) for header in first.columns])


def _refuse_coarse_times(first: pl.DataFrame, matching: HeaderMapping, times: Collection[str]) -> None:
    """Unix seconds of today are 128 apart where a number has 32 bits: the minute is lost."""
    for header, name in zip(matching.headers, matching.names, strict=True):
        kind = first[header].dtype
        if name in times and kind.is_float() and kind != pl.Float64:
            raise UnreadableFile(COARSE.format(header=header, kind=str(kind).lower()), matching.headers)


def _samples(column: pl.Series) -> Sequence[object]:
    """Values that may be numbers, or parts of times; of no other type do they matter."""
    if column.dtype.is_numeric():
        return _first(column.cast(pl.Float64)) or [0.0]
    if column.dtype.is_temporal() and not isinstance(column.dtype, pl.Duration):
        return _first_moments(column)
    return _first(column) if column.dtype == pl.String else ()


def _first_moments(column: pl.Series) -> Sequence[str]:
    """None where one is out of all range, which Python cannot bear: that is told of its row."""
    try:
        with without_panic(UNBEARABLE):
            return [value.isoformat() for value in column.drop_nulls().head(SAMPLES).to_list()]
    except (ValueError, OverflowError, UnreadableFile):
        return ()


def _first(column: pl.Series) -> list[Any]:
    return [*islice((value for value in column if not null_words.is_null(value)), SAMPLES)]


def batch(part: pl.DataFrame, line: int, numbers: set[str]) -> Batch:
    """The rows, without those that hold a value which cannot be written: they are reported."""
    lines = pl.int_range(line, line + part.height, dtype=pl.UInt32, eager=True)
    cells, reported = _Cells(part, numbers), list[ReaderFinding]()
    for name, rows in cells.wrong.items():
        values = [_shown(part[name], place) for place in rows.arg_true()]
        reported += [
            (rules.NO_FORM, line, name, value) for line, value in zip(lines.filter(rows), values, strict=True)
        ]
    if not cells.wrong:
        return Batch(lines, cells.whole, reported=reported, encoded=cells.encoded)
    unreadable = reduce(pl.Series.__or__, cells.wrong.values())
    whole = cells.whole.filter(~unreadable)
    return Batch(
        lines.filter(~unreadable),
        whole,
        unreadable=int(unreadable.sum()),
        reported=reported,
        encoded=cells.encoded,
    )


class _Cells:
    """Numbers where numbers belong; text elsewhere; metadata with types of its own as JSON (`encoded`). `wrong`: rows whose
    value has no form.
    """

    def __init__(self, part: pl.DataFrame, numbers: set[str]) -> None:
        self._part, self._numbers = part, numbers
        self.wrong: dict[str, pl.Series] = {}
        own = [self._own(part[name]) for name in part.columns if name != METADATA and not _is_member(name)]
        objects = [self._object(part[METADATA])] if METADATA in part.columns else []
        members = [self._member(part[name]) for name in part.columns if _is_member(name)]
        self.encoded = frozenset(member.name for member in members)
        self.whole = pl.DataFrame([*own, *objects, *members])

    def _own(self, column: pl.Series) -> pl.Series:
        if column.name in self._numbers and column.dtype.is_numeric():
            return column.cast(pl.Float64)
        return self._noted(column.name, parquet_values.as_text(column))

    def _object(self, column: pl.Series) -> pl.Series:
        """The column `metadata`: text as in a CSV file, or a map."""
        if column.dtype.is_nested():
            return self._noted(METADATA, parquet_values.as_json(column))
        return self._noted(METADATA, parquet_values.as_text(column))

    def _member(self, column: pl.Series) -> pl.Series:
        """A value for itself; not-a-number as Python's JSON has it."""
        texts = self._noted(column.name, parquet_values.as_json(column))
        if column.dtype.is_float() and column.is_nan().any():
            return texts.zip_with(~column.is_nan().fill_null(value=False), pl.Series(["NaN"]))
        return texts

    def _noted(self, name: str, written: parquet_values.Written) -> pl.Series:
        if written.wrong.any():
            self.wrong[name] = written.wrong
        return written.texts.alias(name)


def _is_member(name: str) -> bool:
    return name.startswith(f"{METADATA}.")


def _shown(column: pl.Series, place: int) -> str:
    """A value for people, a list or a structure as JSON; some of these, Python cannot bear either."""
    try:
        with without_panic(UNBEARABLE):
            (value,) = column.slice(place, 1).to_list()
        return json.dumps(value, default=str, ensure_ascii=False) if column.dtype.is_nested() else str(value)
    except (TypeError, ValueError, OverflowError, UnreadableFile):  # TypeError: keys that are no texts
        return str(column.dtype)
