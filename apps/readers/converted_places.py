"""Places that are not written as two angles in degrees, whatever the format: converted in every batch, counted in notices."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

import polars as pl

from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMapping
from apps.readers.table import Layout, Table
from apps.validation import rules, values
from apps.validation.angle_formats import (
    AXES,
    DECIMALS,
    AngleFormat,
    X,
    axis_of,
    direction,
    in_degrees,
    members_of,
)
from apps.validation.batches import Batch
from apps.validation.batches.batch import CountedRows
from apps.validation.null_words import NULL_WORDS_LOWER
from apps.validation.row import Row
from apps.validation.rules import Rule
from apps.validation.values import FILL_VALUES, InvalidValue

Axes = Mapping[str, Mapping[str, str]]  # place -> axis -> its name in a batch, "location_gsm/x"
TEXT = r"^\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eEdD][+-]?[0-9]+)?\s*$"
RULES: Mapping[AngleFormat, Rule] = {
    AngleFormat.RADIANS: rules.RADIANS,
    AngleFormat.COLATITUDE: rules.COLATITUDE,
    AngleFormat.COLATITUDE_RADIANS: rules.COLATITUDE,
}
NOT_WHOLE = (
    "The columns that were said to be {whole} ({axes}) are not a whole place: it takes x, y and z, and no other column may be its"
    " latitude or longitude."
)


def with_degrees(table: Table, layout: Layout) -> Table:
    """The table with latitudes and longitudes in degrees. Raises `UnreadableFile` where x, y and z are not all there."""
    axes, formats = _axes(table.matching), layout.value_formats.angle_formats
    if not axes and not formats:
        return table
    converter = _Converter(axes, formats, decimal_comma=layout.value_formats.decimal_comma)
    letters = {
        f"{whole}.lat": table.places.letters.get(names[X], "")
        for whole, names in axes.items()
        if table.places.letters
    }
    places = replace(table.places, letters={**table.places.letters, **letters})
    return replace(table, batches=map(converter.batch, table.batches), places=places)


def _axes(matching: HeaderMapping) -> Axes:
    found: dict[str, dict[str, str]] = {}
    for name in matching.kept:
        if place := axis_of(name):
            found.setdefault(place[0], {})[place[1]] = name
    for whole, names in found.items():
        if names.keys() != {*AXES} or not {*members_of(names[min(names)])}.isdisjoint(matching.kept):
            raise UnreadableFile(NOT_WHOLE.format(whole=whole, axes=", ".join(names)), matching.headers)
    return found


class _Converter:
    """Of one table."""

    def __init__(self, axes: Axes, formats: Mapping[str, AngleFormat], *, decimal_comma: bool) -> None:
        self._axes, self._formats, self._decimal_comma = axes, formats, decimal_comma

    def batch(self, batch: Batch) -> Batch:
        counted = [*batch.counted]
        cells = batch.cells
        if len(batch.lines):
            for column in self._formats.keys() & {*cells.columns}:
                cells = cells.with_columns(self._angle(cells[column], batch.lines, counted))
            for whole, names in self._axes.items():
                cells = self._place(cells, whole, names, batch.lines, counted)
        loose = [(line, self._row(line, row, counted)) for line, row in batch.loose_rows]
        absent = {name: rows for name, rows in batch.absent.items() if axis_of(name) is None}
        return replace(batch, cells=cells, loose_rows=loose, counted=counted, absent=absent)

    def _numbers(self, column: pl.Series) -> pl.Series:
        """Null for what is none: a word, a fill value, infinity."""
        if not column.dtype.is_numeric():
            texts = column.cast(pl.String)
            if self._decimal_comma:
                texts = texts.str.replace(",", ".", literal=True)
            texts = texts.set(~texts.str.contains(TEXT).fill_null(value=False), None)
            column = texts.str.strip_chars().str.replace("[dD]", "e").cast(pl.Float64, strict=False)
        numbers = column.cast(pl.Float64)
        return numbers.set(~numbers.is_finite() | numbers.is_in([*FILL_VALUES]), None)

    def _angle(self, column: pl.Series, lines: pl.Series, counted: list[CountedRows]) -> pl.Series:
        """In degrees; what is no number stays for the rules to say."""
        written, numbers = self._formats[column.name], self._numbers(column)
        angles = (
            numbers
            if written is AngleFormat.COLATITUDE
            else numbers.to_frame().select(pl.all().degrees()).to_series()
        )
        degrees = (angles if written is AngleFormat.RADIANS else 90.0 - angles).round(DECIMALS)
        changed = numbers.is_not_null()
        counted.append(_counted(RULES[written], column.name, changed, lines, column))
        if column.dtype.is_numeric():
            return degrees.zip_with(changed, column.cast(pl.Float64)).alias(column.name)
        return degrees.cast(pl.String).zip_with(changed, column.cast(pl.String)).alias(column.name)

    def _place(
        self,
        cells: pl.DataFrame,
        whole: str,
        names: Mapping[str, str],
        lines: pl.Series,
        counted: list[CountedRows],
    ) -> pl.DataFrame:
        """With latitude and longitude in place of the three."""
        numbers = pl.DataFrame([self._numbers(cells[names[axis]]).alias(axis) for axis in AXES])
        x, y, z = (pl.col(axis) for axis in AXES)
        is_known = numbers.select(
            pl.all_horizontal(pl.all().is_not_null()) & pl.any_horizontal(pl.all() != 0)
        ).to_series()
        angles = numbers.select(
            pl.arctan2(z, (x * x + y * y).sqrt()).degrees().round(DECIMALS).alias(f"{whole}.lat"),
            pl.arctan2(y, x).degrees().round(DECIMALS).alias(f"{whole}.lon"),
        )
        angles = angles.select(each.set(~is_known, None) for each in angles)
        shown = cells.select(
            pl.concat_str(
                [pl.col(names[axis]).cast(pl.String).fill_null("") for axis in AXES], separator=", "
            )
        ).to_series()
        is_empty = cells.select(
            pl.all_horizontal(pl.col([*names.values()]).cast(pl.String).fill_null("").str.strip_chars() == "")
        ).to_series()
        odd = pl.DataFrame([self._odd(cells[name]) for name in names.values()])
        texts = odd.select(pl.coalesce(pl.all())).to_series()
        counted.append(_counted(rules.CARTESIAN, f"{whole}.lat", is_known, lines, shown))
        fills = ~is_known & ~is_empty & texts.is_null()
        counted.append(_counted(rules.FILL_VALUE, f"{whole}.lat", fills, lines, shown))
        if texts.is_not_null().any():  # left for the rules to say
            angles = angles.select(
                texts.zip_with(texts.is_not_null(), each.cast(pl.String)).alias(each.name) for each in angles
            )
        return cells.drop([*names.values()]).hstack(angles)

    def _odd(self, column: pl.Series) -> pl.Series:
        """Texts that are neither a number nor a word for none."""
        if column.dtype.is_numeric():
            return pl.Series(column.name, [None], dtype=pl.String).new_from_index(0, len(column))
        texts = column.cast(pl.String).str.strip_chars()
        bare = texts.str.replace(",", ".", literal=True) if self._decimal_comma else texts
        meant = bare.str.contains(TEXT) | bare.str.to_lowercase().is_in([*NULL_WORDS_LOWER, ""])
        return texts.set(meant.fill_null(value=True), None).alias(column.name)

    def _row(self, line: int, row: Row, counted: list[CountedRows]) -> Row:
        """The same for a row that stands alone."""
        found = dict(row)
        for column in self._formats.keys() & found.keys():
            if (number := self._number(found[column])) is not None:
                written = self._formats[column]
                counted.append(_one(RULES[written], column, line, found[column]))
                found[column] = in_degrees(number, written)
        for whole, names in self._axes.items():
            given = {axis: found.pop(name, None) for axis, name in names.items()}
            if (odd := next(filter(self._is_odd, given.values()), None)) is not None:
                found[f"{whole}.lat"] = found[f"{whole}.lon"] = odd
                continue
            numbers = {axis: self._number(value) for axis, value in given.items()}
            known = {axis: number for axis, number in numbers.items() if number is not None}
            place = direction(known) if len(known) == len(AXES) else None
            found[f"{whole}.lat"], found[f"{whole}.lon"] = place or (None, None)
            if any(value not in (None, "") for value in given.values()):
                rule = rules.CARTESIAN if place else rules.FILL_VALUE
                counted.append(_one(rule, f"{whole}.lat", line, ", ".join(map(str, given.values()))))
        return found

    def _is_odd(self, value: object) -> bool:
        try:
            values.number(value, decimal_comma=self._decimal_comma)
        except InvalidValue as wrong:
            return wrong.rule.severity is rules.PROBLEM
        return False

    def _number(self, value: object) -> float | None:
        try:
            found = values.number(value, decimal_comma=self._decimal_comma)
        except InvalidValue:
            return None
        return found if found is not None and isfinite(found) else None


def _counted(rule: Rule, column: str, rows: pl.Series, lines: pl.Series, shown: pl.Series) -> CountedRows:
    return CountedRows(rule, column, lines.filter(rows), shown.filter(rows))


def _one(rule: Rule, column: str, line: int, value: object) -> CountedRows:
    return CountedRows(rule, column, pl.Series([line]), pl.Series([str(value)]))
