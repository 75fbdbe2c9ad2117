"""Times that stand in several columns, of whole columns: what `validation.time_parts.joined` makes of each row.

What is not plainly a part is left to that function, row by row.
"""

import re
from collections.abc import Mapping, Sequence
from functools import reduce

import polars as pl

from apps.validation import time_parts
from apps.validation.batches.masks import null_is_false
from apps.validation.null_words import NULL_WORDS_LOWER
from apps.validation.time_parts import (
    CLOCK,
    CLOCK_CHANGES,
    DATE,
    DATE_CHANGES,
    DAY,
    DAY_MICROSECONDS,
    DAY_OF_YEAR,
    HOUR,
    MICROSECONDS,
    MINUTE,
    MONTH,
    SECOND,
    SECOND_PATTERN,
    WIDTHS,
    YEAR,
)

_NUMBER = r"^[0-9]{1,9}(?:\.[0-9]{1,20})?$"


def joined(cells: Mapping[str, pl.Series]) -> pl.Series:
    """One text for each row, out of the columns of its parts."""
    texts = {part: _texts(column) for part, column in cells.items()}
    plain = reduce(pl.Series.__and__, [_is_plain(part, text) for part, text in texts.items()])
    frame = pl.DataFrame({**texts, **{f"{part} as number": text.cast(pl.Float64, strict=False)
                                      for part, text in texts.items() if part in MICROSECONDS}})  # fmt: skip
    whole = frame.select(pl.concat_str(_date(texts), _clock(texts), separator=" ")).to_series()
    if plain.all():
        return whole
    rows = (~plain).arg_true()
    odd = [column.gather(rows).to_list() for column in cells.values()]
    found = [time_parts.joined(dict(zip(cells, row, strict=True))) for row in zip(*odd, strict=True)]
    return whole.scatter(rows, pl.Series(found, dtype=pl.String))


def _texts(column: pl.Series) -> pl.Series:
    """As `time_parts.text_of`; what has another form than a plain number is not plain."""
    text = column.cast(pl.String).str.strip_chars()
    return text.str.replace(r"^([0-9]+)\.0*$", "${1}")


def _is_plain(part: str, text: pl.Series) -> pl.Series:
    if part in (DATE, CLOCK):
        found = (
            (text != "")
            & ~text.str.to_lowercase().is_in(list(NULL_WORDS_LOWER))
            & ~text.str.contains("[eE+]")
        )
    elif part in MICROSECONDS:
        number = text.str.contains(_NUMBER)
        most = DAY_MICROSECONDS / MICROSECONDS[part]
        found = number & (text.set(~null_is_false(number), None).cast(pl.Float64) <= most)
    else:
        found = text.str.contains(SECOND_PATTERN if part == SECOND else time_parts.pattern(part))
    return null_is_false(found)


def _date(parts: Mapping[str, object]) -> pl.Expr:
    if DATE in parts:
        return _changed(pl.col(DATE), DATE_CHANGES)
    names = [YEAR, DAY_OF_YEAR] if DAY_OF_YEAR in parts else [YEAR, MONTH, DAY]
    return pl.concat_str([_padded(name) for name in names], separator="-")


def _clock(parts: Mapping[str, object]) -> pl.Expr:
    if CLOCK in parts:
        return _changed(pl.col(CLOCK), CLOCK_CHANGES)
    for part, unit in MICROSECONDS.items():
        if part in parts:
            return _clock_of(pl.col(f"{part} as number"), unit)
    minute = _padded(MINUTE) if MINUTE in parts else pl.lit("00")
    found = [_padded(HOUR), minute]
    if SECOND in parts:
        whole = pl.col(SECOND).str.extract(r"^([0-9]+)").str.zfill(2)
        found.append(pl.concat_str(whole, pl.col(SECOND).str.extract(r"^[0-9]+(.*)$")))
    return pl.concat_str(found, separator=":")


def _padded(name: str) -> pl.Expr:
    return pl.col(name).str.zfill(WIDTHS[name])


def _clock_of(number: pl.Expr, unit: float) -> pl.Expr:
    micro = (number * unit + 0.5).floor().cast(pl.Int64, strict=False)
    seconds = micro // 1_000_000
    parts = [
        each.cast(pl.String).str.zfill(2) for each in (seconds // 3600, seconds // 60 % 60, seconds % 60)
    ]
    rest = (micro % 1_000_000).cast(pl.String).str.zfill(6)
    return pl.concat_str(pl.concat_str(parts, separator=":"), rest, separator=".")


def _changed(text: pl.Expr, changes: Sequence[tuple[str, str]]) -> pl.Expr:
    for found, by in changes:
        text = text.str.replace(found, re.sub(r"\\([0-9])", r"${\1}", by))  # as polars names the groups
    return text
