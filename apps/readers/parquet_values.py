"""Values of Parquet's types as text and as JSON: each arrives as what it is, or is said to have no place.

Types that JSON has too are written as whole columns. What it has none for (durations, bytes that are no text, maps with
other keys than texts, NaN inside a list) is a problem of its row, never left out.
"""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

import msgspec
import polars as pl
from polars.datatypes import DataType
from polars.exceptions import PolarsError

from apps.validation.batches.json_text import json_strings

MOMENT = "%Y-%m-%dT%H:%M:%S%.f"
A_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
LARGEST_INTEGER = 2**63
_encode = msgspec.json.Encoder().encode


class Written(NamedTuple):
    """A text for each row, null where there is no value; and the rows whose value cannot be written, which have none."""

    texts: pl.Series
    wrong: pl.Series


class NoForm(ValueError):
    """JSON has no form for a value."""


def as_text(column: pl.Series) -> Written:
    """Single values of any type as CSV would have them; times in UTC, as ISO 8601."""
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        moments = column.dt.convert_time_zone("UTC") if kind.time_zone else column
        return _all_right(moments.dt.to_string(MOMENT))
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
    if isinstance(kind, pl.Datetime):
        zone = "Z" if kind.time_zone else ""
        moments = column.dt.convert_time_zone("UTC") if kind.time_zone else column
        return _all_right(json_strings(moments.dt.to_string(MOMENT + zone)))
    if kind == pl.Date:
        return _all_right(json_strings(column.dt.to_string("%Y-%m-%d")))
    if kind == pl.Time:
        return _all_right(json_strings(column.dt.to_string("%H:%M:%S%.f")))
    found = as_text(column)
    return found._replace(texts=json_strings(found.texts))


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
        return all(_has_same_in_json(_instance(field.dtype)) for field in kind.fields)
    if isinstance(kind, pl.List | pl.Array):
        return _has_same_in_json(_instance(kind.inner))
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
    for value in column.cast(_bare(kind)).to_list():
        try:
            texts.append(None if value is None else _encode(_value(value, kind)).decode())
            wrong.append(False)
        except (NoForm, OverflowError, ValueError):
            texts.append(None)
            wrong.append(True)
    return Written(pl.Series(column.name, texts, dtype=pl.String), pl.Series(wrong, dtype=pl.Boolean))


def _instance(kind: object) -> DataType:
    return cast("DataType", kind() if isinstance(kind, type) else kind)


def _bare(kind: DataType) -> DataType:
    """The type whose values Python has without loss: times as whole numbers, maps as lists."""
    if isinstance(kind, pl.Struct):
        return pl.Struct({field.name: _bare(_instance(field.dtype)) for field in kind.fields})
    if isinstance(kind, pl.Map):
        entry = {"key": _bare(_instance(kind.key)), "value": _bare(_instance(kind.value))}
        return pl.List(pl.Struct(entry))
    if isinstance(kind, pl.List):
        return pl.List(_bare(_instance(kind.inner)))
    if isinstance(kind, pl.Array):
        return pl.List(_bare(_instance(kind.inner)))
    return pl.Int64() if kind.is_temporal() else kind


def _value(value: Any, kind: DataType) -> Any:
    """A value of that type (as `_bare` has it) as JSON has it. Raises `NoForm`."""
    if value is None:
        return None
    if isinstance(kind, pl.Struct):
        return {field.name: _value(value[field.name], _instance(field.dtype)) for field in kind.fields}
    if isinstance(kind, pl.Map):
        return _members(value, kind)
    if isinstance(kind, pl.List | pl.Array):
        return [_value(each, _instance(kind.inner)) for each in value]
    return _moment(value, kind) if kind.is_temporal() else _single(value)


def _members(entries: list[dict[str, Any]], kind: pl.Map) -> dict[str, Any]:
    """A map as an object: its keys have to be texts. Of a repeated key the last counts, as Parquet's specification says,
    and polars has left it alone by now.
    """
    found = {entry["key"]: _value(entry["value"], _instance(kind.value)) for entry in entries}
    if not all(isinstance(key, str) for key in found):
        raise NoForm
    return found


def _single(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise NoForm
    if not isinstance(value, str | int | float):
        raise NoForm
    return value


def _decimal(value: Decimal) -> int | float:
    """A number with all of its digits, or none."""
    if value == value.to_integral_value() and abs(value) < LARGEST_INTEGER:
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise NoForm
    return number


def _moment(value: int, kind: DataType) -> str:
    """Days or parts of a second as ISO 8601."""
    if kind == pl.Date:
        return (date(1970, 1, 1) + timedelta(days=value)).isoformat()
    if kind == pl.Time:
        return _clock(datetime(1970, 1, 1), value, 10**9)[11:]  # noqa: DTZ001 - of no day
    if isinstance(kind, pl.Datetime):
        zone = "Z" if kind.time_zone else ""
        return _clock(datetime(1970, 1, 1), value, A_SECOND[kind.time_unit]) + zone  # noqa: DTZ001
    raise NoForm


def _clock(start: datetime, since: int, a_second: int) -> str:
    """With as many decimals as polars writes: none, or three, six or nine."""
    seconds, rest = divmod(since, a_second)
    nanoseconds = rest * (10**9 // a_second)
    decimals = next(n for n in (0, 3, 6, 9) if nanoseconds % 10 ** (9 - n) == 0)
    fraction = f".{nanoseconds:09}"[: decimals + 1] if decimals else ""
    return (start + timedelta(seconds=seconds)).isoformat() + fraction
