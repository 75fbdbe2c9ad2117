"""What AuroraX held before an upload: its snapshot, by key, on disk because it can be as large as the upload."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Upload


class ReplacedRecords:
    """The records that an upload replaced."""

    def __init__(self, database: sqlite3.Connection, kind: RecordType) -> None:
        self._database, self._kind = database, kind

    def get(self, key: str) -> RecordRow | None:
        """The record as it was before; None for one that the upload created."""
        found = self._database.execute("SELECT record FROM before WHERE key = ?", [key]).fetchone()
        return self._kind.row_of(json.loads(found[0])) if found else None


@contextmanager
def open_replaced(upload: Upload, kind: RecordType) -> Iterator[ReplacedRecords]:
    """The snapshot of this upload, ready to be asked; empty where it replaced nothing."""
    snapshot = Snapshot.objects.filter(pk=str(upload.snapshot)).first()
    with tempfile.NamedTemporaryFile() as file, closing(sqlite3.connect(file.name)) as database:
        database.execute("CREATE TABLE before (key TEXT PRIMARY KEY, record TEXT)")
        records = snapshots.records_of(snapshot) if snapshot and snapshot.count else ()
        rows = ((kind.key(kind.row_of(record)), json.dumps(record)) for record in records)
        database.executemany("INSERT OR REPLACE INTO before VALUES (?, ?)", rows)
        yield ReplacedRecords(database, kind)
