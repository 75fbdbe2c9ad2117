"""Before and after, laid beside each other field by field."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One field as text before and after; None where it was not there."""

    name: str
    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Whether the write changed it."""
        return self.before != self.after


def compare(before: Any, after: Any) -> list[Field]:
    """Every field of two JSON values, nested objects as `location_geo.lat`; a value that is no object is one field.

    Null beside an object is not a field of its own: the fields of the object say that they were not there.
    """
    old, new = dict(_flat(before)), dict(_flat(after))
    names = [name for name in old | new if not (_is_opened(name, new) or _is_opened(name, old))]
    return [Field(name, old.get(name), new.get(name)) for name in names]


def _is_opened(name: str, fields: dict[str, str]) -> bool:
    return any(each.startswith(f"{name}.") for each in fields)


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if value is None and not prefix:
        return
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _flat(member, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield (
            prefix or "value",
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2),
        )
