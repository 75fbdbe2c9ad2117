"""Metadata of records, in tables and in files: which fields there are, and their values as cells."""

import json
from collections.abc import Iterable
from typing import Any, Protocol

from apps.aurorax import DataSource
from apps.records.types import RecordType
from apps.ui.tables import TableColumn
from apps.validation.columns import METADATA

NUMBERS = ("double", "float", "int", "integer")


class Listed(Protocol):
    """A record as the client answers it."""

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Its metadata, if it has any."""
        ...

    def to_api(self) -> dict[str, Any]:
        """The API's object."""
        ...


def metadata_fields(kind: RecordType, source: DataSource, records: Iterable[Listed]) -> list[str]:
    """The metadata fields that the records have: those of the source's schema in its order, then the others."""
    schema = [field.field_name for field in kind.schema(source)]
    present = dict.fromkeys(name for record in records for name in record.metadata or {})
    return [name for name in dict.fromkeys([*schema, *present]) if name in present]


def metadata_columns(kind: RecordType, source: DataSource, fields: Iterable[str]) -> list[TableColumn]:
    """A column of a table for each field; numbers are those that the schema says are."""
    types = {field.field_name: field.data_type.lower() for field in kind.schema(source)}
    return [
        TableColumn(f"{METADATA}.{name}", name, is_number=types.get(name) in NUMBERS, is_name=True)
        for name in fields
    ]


def cell(value: Any) -> Any:
    """A value in a file: text and numbers as they are, nothing for null, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return json.dumps(value, ensure_ascii=False)
