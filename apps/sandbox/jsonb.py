"""Metadata as PostgreSQL's jsonb gives it back: keys by length, then by alphabet. The order they were sent in is lost."""

from functools import lru_cache
from typing import Any

import msgspec

from apps.sandbox.errors import invalid


def ordered(value: Any) -> Any:
    """`value` with the keys of every object in it in that order."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in _order(tuple(value))}
    if isinstance(value, list):
        return [ordered(entry) for entry in value]
    return value


def text(value: dict[str, Any] | None) -> str:
    """`value` as JSON text. Raises 400 where it is nested too deeply."""
    if value is None:
        return "null"
    try:
        return msgspec.json.encode(ordered(value)).decode()
    except RecursionError:
        raise invalid("metadata is nested too deeply.") from None


@lru_cache(maxsize=1024)
def _order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Remembered, because the records of an upload mostly have the same keys."""
    return tuple(sorted(keys, key=_by_length))


def _by_length(key: str) -> tuple[int, str]:
    return len(key.encode()), key
