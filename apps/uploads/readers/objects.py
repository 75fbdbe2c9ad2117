"""JSON objects as rows: the API's nested records, PyAuroraX's search output, or flat objects with a CSV's names."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from apps.uploads import rules
from apps.uploads.columns import METADATA, Matching, Meanings
from apps.uploads.readers.table import Layout


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """`{"location_geo": {"lat": 1}}` as `{"location_geo.lat": 1}`; metadata stays one object."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and name != METADATA:
            row.update({f"{name}.{inner}": inside for inner, inside in value.items()})
        else:
            row[name] = value
    return row


class ObjectRows:
    """Rows out of numbered objects.

    The first record says which fields there are: those that nobody knows are for the person to map or ignore. An
    unknown field that first turns up later is a problem of its row. Fields without a value do not matter.
    """

    def __init__(self, objects: Iterator[tuple[int, Any]], layout: Layout) -> None:
        self._findings = layout.findings
        self._meanings = Meanings(layout.columns, layout.mapping)
        first = next(objects, None)
        self._objects = chain([first], objects) if first else objects
        record = first[1] if first else None
        headers = (
            [name for name, value in flat(record).items() if value is not None]
            if isinstance(record, dict)
            else []
        )
        self.matching: Matching = self._meanings.match(headers)
        self._names = dict(zip(headers, self.matching.names, strict=True))

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        for line, record in self._objects:
            yield line, self._row(line, record)

    def _row(self, line: int, record: object) -> dict[str, Any] | None:
        if not isinstance(record, dict):
            self._findings.add(rules.NOT_JSON, line, "", record)
            return None
        row: dict[str, Any] = {}
        for header, value in flat(record).items():
            if value is None:
                continue
            name = self._name(header)
            if name is None:
                self._findings.add(rules.UNKNOWN_FIELD, line, header, value)
                return None
            if name:
                row[name] = value
        return row

    def _name(self, header: str) -> str | None:
        if header not in self._names:
            self._names[header] = self._meanings.of(header)
        return self._names[header]
