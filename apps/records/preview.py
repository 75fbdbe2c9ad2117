"""Records as rows of text, for looking at."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.readers.json_rows import flat
from apps.records.types import RecordType
from apps.validation.columns import METADATA
from apps.validation.row import Record


@dataclass(frozen=True)
class RecordTable:
    """A header and rows."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def table_of(kind: RecordType, records: Iterable[Record]) -> RecordTable:
    """Records under the canonical column names, metadata as one JSON object; columns without any value are left out."""
    rows = [flat(record) for record in records]
    names = [*(column.name for column in kind.columns), METADATA]
    header = [name for name in names if any(row.get(name) is not None for row in rows)]
    return RecordTable(header, [[_text(row.get(name)) for name in header] for row in rows])


def _text(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
