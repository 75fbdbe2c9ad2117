"""What AuroraX held before an upload: its snapshot, by key, on disk because it can be as large as the upload."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.jobs.scratch import ScratchTable, scratch_table
from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Upload


class ReplacedRecords:
    """The records that an upload replaced."""

    def __init__(self, table: ScratchTable, kind: RecordType) -> None:
        self._table, self._kind = table, kind

    def get(self, key: str) -> RecordRow | None:
        """The record as it was before; None for one that the upload created."""
        found = self._table.get(key)
        return None if found is None else self._kind.row_of(json.loads(found))


@contextmanager
def open_replaced(upload: Upload, kind: RecordType) -> Iterator[ReplacedRecords]:
    """The snapshot of this upload, ready to be asked; empty where it replaced nothing."""
    snapshot = Snapshot.objects.filter(pk=str(upload.snapshot)).first()
    records = snapshots.records_of(snapshot) if snapshot and snapshot.count else ()
    rows = ((kind.key(kind.row_of(record)), json.dumps(record).encode()) for record in records)
    with scratch_table(rows) as table:
        yield ReplacedRecords(table, kind)
