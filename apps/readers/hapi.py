"""The header of a CSV file from a HAPI server (`include=header`): JSON in comments, with a list of parameters.

(HAPI 3 specification, "Info": a parameter of `size` [3] has three columns)
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import msgspec

MOST_COLUMNS = 10_000


def names(comments: Sequence[str]) -> Sequence[str] | None:
    """The names of the columns; None where the comments are no such header."""
    try:
        return names_of(msgspec.json.decode("\n".join(comments)))
    except msgspec.DecodeError:
        return None


def names_of(header: Any) -> Sequence[str] | None:
    """The names of the columns by a header, or by an answer in JSON that has its members; None where they are not there."""
    try:
        found = [name for parameter in header["parameters"] for name in _columns(parameter)]
    except (TypeError, KeyError, ValueError):
        return None
    return found if found and len(found) <= MOST_COLUMNS else None


def _columns(parameter: dict[str, Any]) -> Iterator[str]:
    """One for a number or a text, for a vector one each."""
    name, count = str(parameter["name"]), prod(map(int, parameter.get("size") or [1]))
    if count == 1:
        yield name
        return
    if count > MOST_COLUMNS:
        raise ValueError(name)
    yield from (f"{name}_{place}" for place in range(1, count + 1))
