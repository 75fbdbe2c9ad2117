"""The fields that records of a JSON file may have when they are read as whole batches, each in one place."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from apps.readers.json_rows import ObjectRows, is_metadata
from apps.readers.table import Layout
from apps.validation.columns import METADATA, Column


class NamedFields(NamedTuple):
    """Fields of the first record as they are spelt there, then those of the API it does not have.

    `nested`: what is inside of others. `is_scattered`: two of them mean the same, so that one would hide the other.
    """

    plain: Sequence[str]
    nested: Mapping[str, Sequence[str]]
    is_scattered: bool

    @classmethod
    def of(cls, first: Mapping[str, Any], rows: ObjectRows, layout: Layout) -> "NamedFields":
        """The fields there may be, given the first record."""
        nested: dict[str, list[str]] = {}
        plain: list[str] = []
        for name, value in first.items():
            if isinstance(value, dict) and not is_metadata(name) and _can_be_named(name):
                nested[name] = [inner for inner, each in value.items() if _is_field(name, inner, each, rows)]
            elif value is not None and _can_be_named(name):
                plain.append(name)
        headers = [*plain, *(f"{group}.{inner}" for group, inners in nested.items() for inner in inners)]
        given = [meaning for header in headers if (meaning := rows.name_of(header))]
        _add_others(plain, nested, given, layout.columns)
        nested = {group: inners for group, inners in nested.items() if inners}
        return cls(plain, nested, len(set(given)) < len(given))


def _add_others(
    plain: list[str], nested: dict[str, list[str]], given: Sequence[str], columns: Sequence[Column]
) -> None:
    """Add fields of the API, but no second place for what is `given` already: it would be empty."""
    known = {*given, *(column.json_column for column in columns)}  # rare, and no field of the API
    elsewhere = {name.partition(".")[0] for name in given} - nested.keys()
    if METADATA not in known and METADATA not in plain:
        plain.append(METADATA)
    for column in columns:
        group, dot, inner = column.name.partition(".")
        if column.name in known or group in plain or is_metadata(group):
            continue
        if dot and group not in elsewhere:
            inside = nested.setdefault(group, [])
            inside += [inner] if inner not in inside else []
        elif not dot and group not in nested:
            plain.append(group)


def _is_field(group: str, inner: str, value: object, rows: ObjectRows) -> bool:
    """An unknown one without a value may have one further down, and is a problem there."""
    return _can_be_named(inner) and (value is not None or rows.name_of(f"{group}.{inner}") is not None)


def _can_be_named(field: str) -> bool:
    """What msgspec bears as a name; batches with any other field are read record by record."""
    return field.isprintable() and not set(field) & {'"', "\\"}
