"""JSON objects as rows: the API's nested records, PyAuroraX's search output, or flat objects with a CSV's names."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.uploads import rules
from apps.uploads.blocks import Block
from apps.uploads.blocks.block import Told
from apps.uploads.columns import METADATA, Matching, Meanings
from apps.uploads.readers.table import Layout


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """`{"location_geo": {"lat": 1}}` as `{"location_geo.lat": 1}`; metadata stays one object. An empty object is null."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and name != METADATA:
            row.update({f"{name}.{inner}": inside for inner, inside in value.items()} or {name: None})
        else:
            row[name] = value
    return row


class ObjectRows:
    """Rows out of objects, one at a time.

    The first record says which fields there are: those that nobody knows are for the person to map or ignore. An
    unknown field that first turns up later is a problem of its row, unless it has no value. `given` are the canonical
    names of all that the records had so far, with a value or without.
    """

    def __init__(self, first: object, layout: Layout) -> None:
        self._meanings = Meanings(layout.columns, layout.mapping, layout.notation)
        found = flat(first) if isinstance(first, dict) else {}
        headers = [name for name, value in found.items() if value is not None]
        matching = self._meanings.match(headers)
        self.matching: Matching = self._meanings.question(matching, [found[name] for name in headers])
        self._names = dict(zip(headers, self.matching.names, strict=True))
        self._groups: dict[str, list[str]] = {}  # `location_geo`: its columns
        for column in layout.columns:
            group, dot, _ = column.name.partition(".")
            if dot and group != METADATA:
                self._groups.setdefault(group, []).append(column.name)
        self.given: set[str] = set()

    def row(self, line: int, record: object) -> dict[str, Any] | Told:
        """The row by canonical name; or what is to be told of one that cannot be read."""
        if not isinstance(record, dict):
            return rules.NOT_JSON, line, "", record
        row: dict[str, Any] = {}
        for header, value in flat(record).items():
            name = self.name_of(header)
            if value is None:
                row.update(dict.fromkeys([name] if name else self._inside(header)))
            elif name is None:
                return rules.UNKNOWN_FIELD, line, header, value
            elif name:
                row[name] = value
        self.given.update(row)
        return row

    def _inside(self, group: str) -> list[str]:
        """What a member that is null as a whole leaves empty."""
        return [name for column in self._groups.get(group, ()) if (name := self.name_of(column))]

    def block(self, records: Iterable[tuple[int, object]]) -> Block:
        """A block of records, each given with its line, that are looked at one by one."""
        found: list[tuple[int, dict[str, Any]]] = []
        told: list[Told] = []
        for line, record in records:
            row = self.row(line, record)
            if isinstance(row, dict):
                found.append((line, row))
            else:
                told.append(row)
        return Block.of_others(found, told)

    def name_of(self, header: str) -> str | None:
        """What a field means; None for one that nobody knows."""
        if header not in self._names:
            self._names[header] = self._meanings.of(header)
        return self._names[header]
