"""Valid records on their way from the file to storage and the ledger, and what the page says of all of them."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import msgspec
import polars as pl
from django.conf import settings

from apps.uploads import chunks, spans
from apps.uploads.models import Chunk, Upload
from apps.validation.batches import Records
from apps.validation.row import Record

FIRST_RECORDS = 10


class ChunkWriter:
    """Lays records out as JSON arrays of `settings.UPLOAD_CHUNK_RECORDS`, each in storage and in the ledger.

    A thread of `pool` stores them while the next batch is checked; the ledger is written by this one.
    """

    def __init__(self, upload: Upload, pool: ThreadPoolExecutor) -> None:
        self._upload, self._pool = upload, pool
        self._storing: list[Future[list[Chunk]]] = []
        self._size = settings.UPLOAD_CHUNK_RECORDS
        self._index = 0
        self._waiting: list[Records] = []
        self.count = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.days: Counter[str] = Counter()
        self.first_records: list[Record] = []

    def add(self, records: Records) -> None:
        """Take records up, and write what makes whole chunks."""
        if records.is_empty():
            return
        self._note(records)
        waiting = pl.concat([*self._waiting, records])
        whole = len(waiting) // self._size * self._size
        self._write(waiting.head(whole))
        self._waiting = [waiting.slice(whole)]

    def finish(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._write(self._waiting.pop())
        self._enter()

    def _write(self, records: Records) -> None:
        parts = list(records.iter_slices(self._size)) if len(records) else []
        self._enter()
        self._storing.append(self._pool.submit(chunks.store, self._upload, self._index, parts))
        self._index += len(parts)

    def _enter(self) -> None:
        """Enter in the ledger what is in storage by now."""
        while self._storing:
            Chunk.objects.bulk_create(self._storing.pop(0).result())

    def _note(self, records: Records) -> None:
        """What the page says of all of them."""
        self.count += len(records)
        times = spans.of_records(records)
        self.first = min(self.first or times[0][0], times[0][0])
        self.last = max(self.last or times[-1][1], times[-1][1])
        days = records["first"].dt.date().value_counts()
        self.days.update({day.isoformat(): count for day, count in days.iter_rows()})
        few = records["body"].head(FIRST_RECORDS - len(self.first_records))
        self.first_records += [msgspec.json.decode(body) for body in few]
