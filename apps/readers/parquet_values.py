"""Values of Parquet's types as text and as JSON: each arrives as what it is, or is said to have no place.

Types that JSON has too are written as whole columns. What it has none for (durations, bytes that are no text, maps with
other keys than texts, NaN inside a list) is a problem of its row, never left out.

                                as_text                  as_json
    timestamp with a zone       2020-01-01T05:30:00      "2020-01-01T05:30:00Z"
    date                        2020-01-01T00:00:00      "2020-01-01"
    decimal 1.50                1.50                     1.5
    {a: 1, t: a date}           wrong                    {"a":1,"t":"2020-01-01"}
    [1.0], [1.0, NaN]           wrong, wrong             [1.0], wrong
    a duration                  wrong                    wrong
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import polars as pl
from polars.datatypes import DataType
from polars.exceptions import PolarsError

from apps.readers.parquet_single_values import A_SECOND, NoForm, instance, json_value, lossless
from apps.validation.batches.json_text import json_strings

MOMENT = "%Y-%m-%dT%H:%M:%S%.f"
FARTHEST_DAY = 73_000_000  # before or after 1970: 200,000 years
A_DAY = {"days": 1, **{unit: 86_400 * parts for unit, parts in A_SECOND.items()}}
MOST = 2**63 - 1
_encode = msgspec.json.Encoder().encode


class Written(NamedTuple):
    """A text for each row, null where there is no value; and the rows whose value cannot be written, which have none."""

    texts: pl.Series
    wrong: pl.Series


def as_text(column: pl.Series) -> Written:
    """Single values of any type as CSV would have them; times in UTC, as ISO 8601."""
    kind = column.dtype
    if (far := _far(column)) is not None:
        since = column.cast(pl.Int64).cast(pl.String) + f" {_unit(kind)} since 1970"  # which is no time
        return _all_right(as_text(column.set(far, None)).texts.zip_with(~far, since))
    if isinstance(kind, pl.Datetime):
        return _all_right(_in_utc(column).dt.to_string(MOMENT))
    if kind == pl.Date:
        return _all_right(column.dt.to_string("%Y-%m-%dT00:00:00"))
    if kind == pl.Binary:
        return _of_bytes(column)
    if kind.is_nested() or isinstance(kind, pl.Duration | pl.Object):
        return _none_right(column)
    return _all_right(column.cast(pl.String))


def as_json(column: pl.Series) -> Written:
    """A column of any type as JSON values."""
    kind = column.dtype
    if kind.is_float():
        numbers = column.cast(pl.Float64)
        texts = numbers.set(~numbers.is_finite(), None).cast(pl.String)
        return Written(texts, numbers.is_infinite().fill_null(value=False))
    if kind.is_integer() or kind == pl.Boolean:
        return _all_right(column.cast(pl.String))
    if _is_plain(kind):
        return _all_right(_encoded(column) if kind.is_nested() else json_strings(column.cast(pl.String)))
    if kind.is_nested():
        plain = _has_same_in_json(kind) and not any(map(_has_no_number, _leaves(column)))
        return _all_right(_encoded(column)) if plain else _one_by_one(column)
    if isinstance(kind, pl.Decimal):
        return _one_by_one(column)
    return _temporal(column, kind)


def _temporal(column: pl.Series, kind: DataType) -> Written:
    """Times as ISO 8601 text; a moment that knows its zone in UTC, with its Z."""
    if (far := _far(column)) is not None:
        return _temporal(column.set(far, None), kind)._replace(wrong=far)
    if isinstance(kind, pl.Datetime):
        zone = "Z" if kind.time_zone else ""
        return _all_right(json_strings(_in_utc(column).dt.to_string(MOMENT + zone)))
    if kind == pl.Date:
        return _all_right(json_strings(column.dt.to_string("%Y-%m-%d")))
    if kind == pl.Time:
        return _all_right(json_strings(column.dt.to_string("%H:%M:%S%.f")))
    found = as_text(column)
    return found._replace(texts=json_strings(found.texts))


def _far(column: pl.Series) -> pl.Series | None:
    """Which times are so far away that polars cannot write them, and breaks down; None where that is none of them."""
    kind = column.dtype
    if not isinstance(kind, pl.Datetime) and kind != pl.Date:
        return None
    most = min(FARTHEST_DAY * A_DAY[_unit(kind)], MOST)
    far = ~column.cast(pl.Int64).is_between(-most, most).fill_null(value=True)
    return far if far.any() else None


def _unit(kind: DataType) -> str:
    return kind.time_unit if isinstance(kind, pl.Datetime) else "days"


def _in_utc(column: pl.Series) -> pl.Series:
    is_zoned = isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone
    return column.dt.convert_time_zone("UTC") if is_zoned else column


def _of_bytes(column: pl.Series) -> Written:
    """Text that a tool has saved as bytes."""
    try:
        return _all_right(column.cast(pl.String))
    except PolarsError:  # one of them is no text
        texts = pl.Series(column.name, map(_decoded, column), dtype=pl.String)
        return Written(texts, texts.is_null() & column.is_not_null())


def _decoded(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None


def _all_right(texts: pl.Series) -> Written:
    return Written(texts, pl.Series([False]).new_from_index(0, len(texts)))


def _none_right(column: pl.Series) -> Written:
    nothing = pl.Series(column.name, [None], dtype=pl.String).new_from_index(0, len(column))
    return Written(nothing, column.is_not_null())


# Nested columns ------------------------------------------------------------------------------------------------------


def _encoded(column: pl.Series) -> pl.Series:
    encoded = pl.DataFrame({"v": column}).select(pl.struct("v").struct.json_encode()).to_series()
    return encoded.str.slice(5).str.strip_suffix("}").set(column.is_null(), None).alias(column.name)


def _is_plain(kind: DataType) -> bool:
    """Texts, and columns of nothing."""
    return kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)


def _has_same_in_json(kind: DataType) -> bool:
    """Whether polars writes such values as JSON that says the same, NaN aside."""
    if isinstance(kind, pl.Struct):
        return all(_has_same_in_json(instance(field.dtype)) for field in kind.fields)
    if isinstance(kind, pl.List | pl.Array):
        return _has_same_in_json(instance(kind.inner))
    return _is_plain(kind) or kind.is_integer() or kind in (pl.Boolean, pl.Float64)


def _leaves(column: pl.Series) -> Iterator[pl.Series]:
    """The columns inside, however deep."""
    kind = column.dtype
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            yield from _leaves(column.struct.field(field.name))
    elif isinstance(kind, pl.List | pl.Array):
        yield from _leaves(column.explode())
    else:
        yield column


def _has_no_number(column: pl.Series) -> bool:
    """Whether there is NaN or infinity in a column of numbers."""
    return column.dtype.is_float() and not column.is_finite().all()


def _one_by_one(column: pl.Series) -> Written:
    """Values of types that take a closer look."""
    kind, texts, wrong = column.dtype, [], []
    for value in column.cast(lossless(kind)).to_list():
        try:
            texts.append(None if value is None else _encode(json_value(value, kind)).decode())
            wrong.append(False)
        except (NoForm, OverflowError, ValueError):
            texts.append(None)
            wrong.append(True)
    return Written(pl.Series(column.name, texts, dtype=pl.String), pl.Series(wrong, dtype=pl.Boolean))
