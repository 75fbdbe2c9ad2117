"""Writing the ledger: laying records out as chunks, and a refused chunk as its two halves."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from apps.aurorax.times import write
from apps.jobs.leases import LeaseLost
from apps.records.spans import span_of
from apps.records.types import RecordType
from apps.uploads import spans
from apps.uploads.models import Chunk, Upload
from apps.uploads.reader.messages import Part
from apps.uploads.spans import TimeSpan


class ChunkWriter:
    """Writes the chunks of one upload, each in storage and in the ledger.

    A thread of `pool` stores them while the next are read; the ledger is written by this one.
    """

    def __init__(self, upload: Upload, pool: ThreadPoolExecutor) -> None:
        self._upload, self._pool = upload, pool
        self._storing: list[Future[list[Chunk]]] = []
        self._index = 0
        self.size = 0  # bytes that are, or will be, in storage

    def add(self, parts: Sequence[Part]) -> None:
        """Write these after those before."""
        self.finish()
        self._storing.append(self._pool.submit(store, self._upload, self._index, parts))
        self._index += len(parts)
        self.size += sum(len(part.body) for part in parts)

    def finish(self) -> None:
        """Enter in the ledger what is in storage by now."""
        while self._storing:
            Chunk.objects.bulk_create(self._storing.pop(0).result())

    def forget(self) -> None:
        """Begin from the first chunk again; what is there has been removed."""
        self.finish()
        clear(self._upload)
        self._index = self.size = 0


def store(upload: Upload, index: int, parts: Sequence[Part]) -> list[Chunk]:
    """A chunk of each part, from this index on: in storage, and to be entered in the ledger by the caller. All or none."""
    stored: list[Chunk] = []
    try:
        for place, part in enumerate(parts, start=index):
            stored.append(_chunk(upload, place, part.body, part.count, part.spans))
    except Exception:
        for chunk in stored:
            chunk.body.delete(save=False)
        raise
    return stored


def clear(upload: Upload) -> None:
    """Remove all chunks, and their bodies."""
    for chunk in upload.chunks.all():
        chunk.body.delete(save=False)
        chunk.full.delete(save=False)
    upload.chunks.all().delete()


def _chunk(upload: Upload, index: int, body: bytes, count: int, times: Sequence[TimeSpan]) -> Chunk:
    """A chunk that is in storage, and not yet in the database."""
    chunk = Chunk(
        upload=upload,
        index=index,
        count=count,
        to_send=count,
        first=times[0][0],
        last=times[-1][1],
        spans=[[write(first), write(last)] for first, last in times] if len(times) > 1 else [],
    )
    file = ContentFile(body)
    file.DEFAULT_CHUNK_SIZE = len(body)  # written in one go, not 64 KB at a time
    chunk.body.save("", file, save=False)
    return chunk


@transaction.atomic
def halve(chunk: Chunk, kind: RecordType) -> list[Chunk]:
    """Two chunks in the place of this one, of which two records or more must be left to send. All of it happens, or nothing.

    Raises `LeaseLost` when another worker has halved it already: the records must not be in the ledger twice.
    """
    last = Chunk.objects.filter(upload=chunk.upload_id).aggregate(last=Max("index"))["last"]
    if not Chunk.objects.filter(pk=chunk.pk).delete()[0]:
        raise LeaseLost
    left_out = set(chunk.left_out)
    sent = [place for place in range(chunk.count) if place not in left_out]
    middle = sent[len(sent) // 2]
    places = (range(middle), range(middle, chunk.count))
    halves = [_part_of(chunk, kind, last + 1 + number, half) for number, half in enumerate(places)]
    Chunk.objects.bulk_create(halves)
    for file in (chunk.body, chunk.full):
        transaction.on_commit(partial(file.delete, save=False), robust=True)
    return halves


def _part_of(chunk: Chunk, kind: RecordType, index: int, places: range) -> Chunk:
    """The records at these places as a chunk that is in storage, and not yet in the database."""
    body = _records_at(chunk.as_given(), places)
    times = spans.merged(span_of(kind, [row]) for row in kind.rows_of(body))
    part = _chunk(chunk.upload, index, body, len(places), times)
    part.left_out = [place - places.start for place in chunk.left_out if place in places]
    part.to_send = part.count - len(part.left_out)
    if chunk.full:
        part.full.save("", ContentFile(_records_at(chunk.content(), places)), save=False)
    return part


def _records_at(body: bytes, places: range) -> bytes:
    records = msgspec.json.decode(body, type=list[msgspec.Raw])
    return msgspec.json.encode(records[places.start : places.stop])
