"""The time that records take."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from apps.aurorax import times
from apps.records.types import RecordType


def span_of(kind: RecordType, rows: Iterable[Any]) -> tuple[datetime, datetime]:
    """From the first moment of these rows to the last, aware. Raises ValueError where there are none."""
    spans = [kind.span(row) for row in rows]
    return times.parse(min(first for first, _ in spans)), times.parse(max(last for _, last in spans))
