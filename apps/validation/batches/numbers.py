"""Numbers of whole columns. What `values.number` would say of each cell, for those that are plainly right.

"51.05", "-999", "NA", "1,5"  -> 51.05, null, null, deferred      -999 in `fills`, NA in `words`
"""

from typing import NamedTuple

import polars as pl

from apps.validation.batches.masks import null_is_false
from apps.validation.null_words import NULL_WORDS_LOWER
from apps.validation.values import FILL_VALUES, NAN_WORDS

SMALLEST_FILL = min(map(abs, FILL_VALUES))
WORDS_FOR_NO_NUMBER = list(NULL_WORDS_LOWER - NAN_WORDS)  # not-a-number is one for `cast` too
_NO_NUMBER = pl.all().is_nan() | pl.all().is_in(list(FILL_VALUES))


class Numbers(NamedTuple):
    """`values`: null where there is none. `fills` and `words`: for columns in which numbers or words stood for none, which
    cells did. `deferred`: for columns with cells that are looked at one by one, which these are.
    """

    values: pl.DataFrame
    fills: dict[str, pl.Series]
    words: dict[str, pl.Series]
    deferred: dict[str, pl.Series]


def numbers(cells: pl.DataFrame, *, decimal_comma: bool = False) -> Numbers:
    """Read columns of text (or of numbers) as numbers."""
    if decimal_comma:
        cells = cells.with_columns(pl.col(pl.String).str.replace(",", ".", literal=True))
    values = cells.select(pl.all().cast(pl.Float64, strict=False))
    if values.null_count().row(0) == cells.null_count().row(0) and _are_all_meant(values):
        return Numbers(values, {}, {}, {})
    words = dict[str, pl.Series]()
    if any(column.any() for column in _not_read(cells, values)):
        cells = cells.with_columns(pl.col(pl.String).str.strip_chars())
        words = _words(cells)
        cells = cells.with_columns(cells[name].set(found, None) for name, found in words.items())
        values = cells.select(pl.all().cast(pl.Float64, strict=False))
    fills = {
        column.name: column for column in values.select(_NO_NUMBER.fill_null(value=False)) if column.any()
    }
    infinite = values.select(pl.all().is_infinite().fill_null(value=False))
    odd = (unread | infinite[unread.name] for unread in _not_read(cells, values))
    deferred = {column.name: column for column in odd if column.any()}
    if fills:
        values = values.select(pl.when(~_NO_NUMBER).then(pl.all()))
    return Numbers(values, fills, words, deferred)


def _words(cells: pl.DataFrame) -> dict[str, pl.Series]:
    """For columns in which words stand for no value, which cells do."""
    texts = cells.select(pl.col(pl.String).str.to_lowercase())
    found = {column.name: null_is_false(column.is_in(WORDS_FOR_NO_NUMBER)) for column in texts}
    return {name: words for name, words in found.items() if words.any()}


def _are_all_meant(values: pl.DataFrame) -> bool:
    """Whether no number is large enough to stand for none, or none at all: nearly always so, and quickly seen."""
    largest = values.select(pl.all().abs().max(), pl.all().is_nan().any().name.suffix(" is nan")).row(0)
    width = values.width
    return not any(largest[width:]) and all(most is None or most < SMALLEST_FILL for most in largest[:width])


def _not_read(cells: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Which cells hold something and are no number."""
    both = cells.hstack(values.rename(lambda name: f"{name} read"))
    return both.select(
        (
            pl.col(f"{name} read").is_null()
            & pl.col(name).is_not_null()
            & (pl.col(name).cast(pl.String) != "")
        ).alias(name)
        for name in cells.columns
    )
