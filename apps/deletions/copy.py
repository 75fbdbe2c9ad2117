"""The copy that is kept of the records before they are deleted, to compare with what AuroraX holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.deletions.models import Deletion
from apps.deletions.survey import record_digest
from apps.jobs.scratch import ScratchTable, scratch_table
from apps.records.types import RecordRow, RecordType


class CopiedRecords:
    """The records of the copy by key, on disk because there can be millions."""

    def __init__(self, kind: RecordType, table: ScratchTable) -> None:
        self._kind, self._table = kind, table

    def has_key_of(self, row: RecordRow) -> bool:
        """Whether a record with this one's key was copied, whatever its values."""
        return self._table.get(self._kind.key(row)) is not None

    def has(self, row: RecordRow) -> bool:
        """Whether exactly this record was copied."""
        return self._table.get(self._kind.key(row)) == record_digest(self._kind, row)


def snapshot_of(deletion: Deletion) -> Snapshot:
    """The copy of a deletion that has got that far."""
    return Snapshot.objects.get(pk=str(deletion.snapshot))


@contextmanager
def copied_records(kind: RecordType, deletion: Deletion) -> Iterator[CopiedRecords]:
    """The copy, ready to be asked."""
    rows = map(kind.row_of, snapshots.records_of(snapshot_of(deletion)))
    with scratch_table((kind.key(row), record_digest(kind, row)) for row in rows) as table:
        yield CopiedRecords(kind, table)
