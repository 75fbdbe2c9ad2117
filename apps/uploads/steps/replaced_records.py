"""What AuroraX held before an upload: its snapshot, by key, on disk because it can be as large as the upload."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.jobs.scratch import ScratchTable, scratch_table
from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Upload


class ReplacedRecords:
    """The records that an upload replaced; `is_empty` where there are none."""

    def __init__(self, table: ScratchTable, kind: RecordType, *, is_empty: bool) -> None:
        self._table, self._kind, self.is_empty = table, kind, is_empty

    def get(self, key: str) -> RecordRow | None:
        """The record as it was before; None for one that the upload created."""
        found = None if self.is_empty else self._table.get(key)
        return None if found is None else _row(self._kind, found)


@contextmanager
def open_replaced(upload: Upload, kind: RecordType) -> Iterator[ReplacedRecords]:
    """The snapshot of this upload, ready to be asked; empty where it replaced nothing."""
    with _open(upload.snapshot, kind) as found:
        yield found


@contextmanager
def open_theirs(upload: Upload, kind: RecordType) -> Iterator[ReplacedRecords]:
    """What others have changed since, as it was when somebody chose to undo that, too."""
    with _open(upload.undo_copy, kind) as found:
        yield found


@contextmanager
def _open(copy: UUID | None, kind: RecordType) -> Iterator[ReplacedRecords]:
    snapshot = Snapshot.objects.filter(pk=str(copy)).first() if copy else None
    lines = snapshots.lines_of(snapshot) if snapshot and snapshot.count else iter(())
    with scratch_table((kind.key(_row(kind, line)), line) for line in lines) as table:
        yield ReplacedRecords(table, kind, is_empty=not (snapshot and snapshot.count))


def _row(kind: RecordType, line: bytes) -> RecordRow:
    row: RecordRow = kind.rows_of(b"[%b]" % line)[0]
    return row
