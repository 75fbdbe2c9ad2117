"""Values of Parquet's types one by one, where whole columns do not do: what JSON has for each, if anything.

date, 18262                       -> 2020-01-01
timestamp[ms, UTC], 1577836800500 -> 2020-01-01T00:00:00.500Z
map, [{"key": "a", "value": 1}]   -> {"a": 1}
"""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import polars as pl
from polars.datatypes import DataType

A_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
LARGEST_INTEGER = 2**63


class NoForm(ValueError):
    """JSON has no form for a value."""


def instance(kind: object) -> DataType:
    """Types inside of others may be classes: `pl.Int64` as `pl.Int64()`."""
    return cast("DataType", kind() if isinstance(kind, type) else kind)


def lossless(kind: DataType) -> DataType:
    """The type whose values Python has without loss: times as whole numbers, maps as lists."""
    if isinstance(kind, pl.Struct):
        return pl.Struct({field.name: lossless(instance(field.dtype)) for field in kind.fields})
    if isinstance(kind, pl.Map):
        entry = {"key": lossless(instance(kind.key)), "value": lossless(instance(kind.value))}
        return pl.List(pl.Struct(entry))
    if isinstance(kind, pl.List):
        return pl.List(lossless(instance(kind.inner)))
    if isinstance(kind, pl.Array):
        return pl.List(lossless(instance(kind.inner)))
    return pl.Int64() if kind.is_temporal() else kind


def json_value(value: Any, kind: DataType) -> Any:
    """A value of that type (as `lossless` has it) as JSON has it. Raises `NoForm`."""
    if value is None:
        return None
    if isinstance(kind, pl.Struct):
        return {field.name: json_value(value[field.name], instance(field.dtype)) for field in kind.fields}
    if isinstance(kind, pl.Map):
        return _members(value, kind)
    if isinstance(kind, pl.List | pl.Array):
        return [json_value(each, instance(kind.inner)) for each in value]
    return _moment(value, kind) if kind.is_temporal() else _single(value)


def _members(entries: list[dict[str, Any]], kind: pl.Map) -> dict[str, Any]:
    """A map as an object: its keys have to be texts. Of a repeated key the last counts, as Parquet's specification says,
    and polars has left it alone by now.
    """
    found = {entry["key"]: json_value(entry["value"], instance(kind.value)) for entry in entries}
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
    """With as many decimals as polars writes, none or three, six or nine: 1500 ms -> 1970-01-01T00:00:01.500."""
    seconds, rest = divmod(since, a_second)
    nanoseconds = rest * (10**9 // a_second)
    decimals = next(n for n in (0, 3, 6, 9) if nanoseconds % 10 ** (9 - n) == 0)
    fraction = f".{nanoseconds:09}"[: decimals + 1] if decimals else ""
    return (start + timedelta(seconds=seconds)).isoformat() + fraction
