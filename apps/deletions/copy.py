"""The copy that is kept of the records before they are deleted, to compare with what AuroraX holds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.aurorax import times
from apps.aurorax.times import TimeSpan
from apps.deletions.models import Deletion
from apps.jobs.prefetch import batched
from apps.records.spans import span_of
from apps.records.types import RecordRow, RecordType, type_of
from apps.uploads.spans import GAP

MOST = 45_000  # records of a part: about a month of minutes
BATCH = 500  # lines that are read at once
LONGER_THAN_A_MONTH = timedelta(days=32)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class CopiedPart(NamedTuple):
    """Records of the copy that lie near each other: the span in which to look for them, their number and their JSON array."""

    span: TimeSpan
    number: int
    body: bytes

    @classmethod
    def of(cls, kind: RecordType, rows: Sequence[RecordRow]) -> "CopiedPart":
        """These records, of which there is at least one."""
        return cls(span_of(kind, rows), len(rows), msgspec.json.encode([kind.record_of(row) for row in rows]))


def snapshot_of(deletion: Deletion) -> Snapshot:
    """The copy of a deletion that has got that far."""
    return Snapshot.objects.get(pk=str(deletion.snapshot))


def parts_of(deletion: Deletion) -> Iterator[CopiedPart]:
    """The copy in its order, in parts of which none reaches over a long time without records, nor over more than one
    search can.
    """
    kind = type_of(deletion.kind)
    lines: list[bytes] = []
    begin = end = until = END_OF_TIME
    for line, (first, last) in _lines(kind, deletion):
        if lines and (len(lines) == MOST or first - end > GAP or last > until):
            yield _part((begin, end), lines)
            lines = []
        if not lines:
            begin = end = first
            until = _until(kind, first)
        end = max(end, last)
        lines.append(line)
    if lines:
        yield _part((begin, end), lines)


def _lines(kind: RecordType, deletion: Deletion) -> Iterator[tuple[bytes, TimeSpan]]:
    """Each record as it is kept, and its span."""
    for lines in batched(snapshots.lines_of(snapshot_of(deletion)), BATCH):
        for line, row in zip(lines, kind.rows_of(_array(lines)), strict=True):
            first, last = kind.span(row)
            begin = times.parse(first)
            yield line, (begin, begin if first == last else times.parse(last))


def _array(lines: Sequence[bytes]) -> bytes:
    return b"[%b]" % b",".join(lines)


def _until(kind: RecordType, first: datetime) -> datetime:
    """How far one search reaches from here. What is longer than a moment is found by those that are not cut."""
    return next(times.months(first, first + LONGER_THAN_A_MONTH))[1] if kind.key_is_time else END_OF_TIME


def _part(span: TimeSpan, lines: Sequence[bytes]) -> CopiedPart:
    return CopiedPart(span, len(lines), _array(lines))
