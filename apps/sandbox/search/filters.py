"""Metadata filters: whether the metadata of a record meets the conditions of a search.

A value is compared as a number where both sides are numbers, else as text; true and false are the texts "true" and
"false". A record without the key never matches, whatever the operator.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from apps.sandbox.search.query import Expression, Scalar, Search

Comparable = tuple[float, str]
Test = Callable[[Any], bool]

_COMPARISONS: dict[str, Callable[[Any, list[Scalar]], bool]] = {
    "=": lambda found, values: _equal(found, values[0]),
    "!=": lambda found, values: not _equal(found, values[0]),
    "<": lambda found, values: _compare(found, values[0]) < 0,
    "<=": lambda found, values: _compare(found, values[0]) <= 0,
    ">": lambda found, values: _compare(found, values[0]) > 0,
    ">=": lambda found, values: _compare(found, values[0]) >= 0,
    "in": lambda found, values: any(_equal(found, value) for value in values),
    "not in": lambda found, values: not any(_equal(found, value) for value in values),
    "between": lambda found, values: _compare(found, values[0]) >= 0 >= _compare(found, values[1]),
}


def matcher(search: Search) -> Callable[[str], bool] | None:
    """A test of metadata text against the conditions of `search`; None where there are none."""
    if not search.expressions:
        return None
    join = all if search.logical_operator == "AND" else any

    def matches(text: str) -> bool:
        metadata = msgspec.json.decode(text) or {}
        return join(_meets(metadata, expression) for expression in search.expressions)

    return matches


def _meets(metadata: dict[str, Any], expression: Expression) -> bool:
    found = metadata.get(expression.key)
    return found is not None and _COMPARISONS[expression.operator](found, expression.values)


def _equal(found: Any, wanted: Scalar) -> bool:
    return _compare(found, wanted) == 0


def _compare(found: Any, wanted: Scalar) -> int:
    """Below, at or above zero as `found` is less than, equal to or more than `wanted`."""
    numbers = _number(found), _number(wanted)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    left, right = _text(found), _text(wanted)
    return (left > right) - (left < right)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
