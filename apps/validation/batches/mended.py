"""Batches with the values that people have mended: by group, and cell by cell."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from apps.validation import rules
from apps.validation.batches.batch import Batch, CountedRows, decoded
from apps.validation.batches.masks import null_is_false
from apps.validation.fixes import Fix, changes
from apps.validation.null_words import NULL_WORDS_LOWER
from apps.validation.row import Row

Edits = Mapping[int, Mapping[str, str]]  # line -> column -> what stands there from now on


class Mender:
    """Of one reading of a file. `counts` says how many rows each fix has changed so far, and `cells` how many were edited."""

    def __init__(self, fixes: Sequence[Fix], edits: Edits) -> None:
        self._fixes, self._edits = fixes, edits
        self._lines = pl.Series([*edits], dtype=pl.UInt32)
        self._found: Counter[int] = Counter()
        self.cells = 0

    @property
    def counts(self) -> list[int]:
        """By the place of the fix."""
        return [self._found[place] for place in range(len(self._fixes))]

    def batches(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """All of them."""
        return map(self._mended, batches) if self._fixes or self._edits else batches

    def _mended(self, batch: Batch) -> Batch:
        for place, fix in enumerate(self._fixes):
            if fix.columns:
                batch, count = self._with(batch, fix)
                self._found[place] += count
        return self._edited(batch) if self._edits else batch

    def _with(self, batch: Batch, fix: Fix) -> tuple[Batch, int]:
        loose = [(line, changes(fix, row)) for line, row in batch.loose_rows]
        mended: dict[int, Mapping[str, Any]] = {}
        if len(batch.lines) and {*fix.columns} <= {*batch.cells.columns}:
            chosen = _may_change(batch, fix).arg_true().to_list()
            rows = batch.only(pl.Series(_mask(chosen, len(batch.lines)))).rows() if chosen else iter(())
            mended = {
                n: found for n, (_, row) in zip(chosen, rows, strict=False) if (found := changes(fix, row))
            }
        count = len(mended) + sum(bool(found) for _, found in loose)
        return _changed(batch, mended, loose), count

    def _edited(self, batch: Batch) -> Batch:
        given = {*batch.cells.columns}
        places = batch.lines.is_in(self._lines.implode()).arg_true().to_list() if len(batch.lines) else []
        lines = [batch.lines[place] for place in places]
        mended = {
            place: {name: text for name, text in self._edits[line].items() if name in given}
            for place, line in zip(places, lines, strict=True)
        }
        loose = [(line, self._edits.get(line, {})) for line, _ in batch.loose_rows]
        self.cells += sum(map(len, mended.values())) + sum(len(found) for _, found in loose)
        return _changed(batch, mended, loose)


def _mask(places: Sequence[int], length: int) -> list[bool]:
    found = [False] * length
    for place in places:
        found[place] = True
    return found


def _may_change(batch: Batch, fix: Fix) -> pl.Series:
    """Rows that a fix may change, found quickly: what it does to each, `changes` says."""
    column = batch.column(fix.columns[0])
    if fix.kind == "swap":
        return null_is_false(column.cast(pl.Float64, strict=False).abs() > 90)
    texts = column.cast(pl.String)
    is_encoded = fix.column in batch.encoded
    match fix.kind:
        case "nearest":
            keys = [json.dumps(key, ensure_ascii=False) if is_encoded else key for key in fix.values]
            return null_is_false(texts.is_in(keys))
        case "year":
            return null_is_false(texts.str.contains(fix.old, literal=True))
        case "set":
            words = texts.str.strip_chars(' "').str.to_lowercase()
            return texts.is_null() | null_is_false(words.is_in([*NULL_WORDS_LOWER, ""]))
        case _:
            return pl.Series([True]).new_from_index(0, len(column))


def _changed(
    batch: Batch, mended: Mapping[int, Mapping[str, Any]], loose: Sequence[tuple[int, Mapping[str, Any]]]
) -> Batch:
    """With these values in the rows at these places, each counted in a notice."""
    if not any(mended.values()) and not any(found for _, found in loose):
        return batch
    cells, counted = batch.cells, [*batch.counted]
    for name in dict.fromkeys(name for found in mended.values() for name in found):
        places = [place for place, found in mended.items() if name in found]
        was = cells[name].gather(places)
        cells = cells.with_columns(
            _scattered(cells[name], places, [mended[n][name] for n in places], name in batch.encoded)
        )
        counted.append(CountedRows(rules.MENDED, name, batch.lines.gather(places), was))
    rows: list[tuple[int, Row]] = []
    for (line, row), (_, found) in zip(batch.loose_rows, loose, strict=True):
        rows.append((line, {**row, **found}))
        counted += [
            CountedRows(rules.MENDED, name, pl.Series([line]), pl.Series([str(row.get(name, ""))]))
            for name in found
        ]
    return replace(batch, cells=cells, loose_rows=rows, counted=counted, metadata_objects=None)


def _scattered(column: pl.Series, places: list[int], new: Sequence[Any], is_encoded: bool) -> pl.Series:
    if is_encoded:
        new = [
            json.dumps(_typed(value, column[place]), ensure_ascii=False)
            for place, value in zip(places, new, strict=True)
        ]
    elif column.dtype.is_numeric():
        numbers = [_number(value) for value in new]
        if all(number is not None for number in numbers):
            return column.scatter(places, numbers)
        column = column.cast(pl.String)
    return column.cast(pl.String).scatter(places, [None if value is None else str(value) for value in new])


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _typed(value: object, was: str | None) -> object:
    """A number stays one in a format that has types, unless what was there was a text."""
    if not isinstance(value, str) or isinstance(decoded(was), str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, int | float) else value
