"""Writing the ledger: laying records out as chunks, and a refused chunk as its two halves."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from apps.aurorax import times
from apps.jobs.leases import LeaseLost
from apps.records.types import RecordType
from apps.uploads.models import Chunk, Upload
from apps.validation.batches import Records
from apps.validation.row import Record

TimeSpan = tuple[datetime, datetime]  # first and last moment, both inclusive


def store(upload: Upload, index: int, parts: Sequence[Records]) -> list[Chunk]:
    """A chunk of each part, from this index on: in storage, and to be entered in the ledger by the caller."""
    chunks = []
    for place, part in enumerate(parts, start=index):
        body = f"[{part['body'].str.join(',').item()}]".encode()
        chunks.append(_chunk(upload, place, body, len(part), span_of(part)))
    return chunks


def span_of(records: Records) -> TimeSpan:
    """The first and the last moment of some records."""
    return _aware(records["first"].min()), _aware(records["last"].max())


def clear(upload: Upload) -> None:
    """Remove all chunks, and their bodies."""
    for chunk in upload.chunks.all():
        chunk.body.delete(save=False)
        chunk.full.delete(save=False)
    upload.chunks.all().delete()


def _chunk(upload: Upload, index: int, body: bytes, count: int, span: TimeSpan) -> Chunk:
    """A chunk that is in storage, and not yet in the database."""
    chunk = Chunk(
        upload=upload,
        index=index,
        count=count,
        to_send=count,
        first=span[0],
        last=span[1],
    )
    file = ContentFile(body)
    file.DEFAULT_CHUNK_SIZE = len(body)  # written in one go, not 64 KB at a time
    chunk.body.save("", file, save=False)
    return chunk


def _encoded(records: Iterable[Record], kind: RecordType) -> tuple[bytes, TimeSpan]:
    """A body, and the first and last moment of its records."""
    kept = list(records)
    spans = [kind.span(record) for record in kept]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return msgspec.json.encode(kept), (times.parse(first), times.parse(last))


def _aware(moment: object) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError("A chunk has at least one record, and every record a time.")
    return moment.replace(tzinfo=UTC)


@transaction.atomic
def halve(chunk: Chunk, kind: RecordType) -> list[Chunk]:
    """Two chunks in the place of this one, which must hold two records or more. All of it happens, or nothing.

    Raises `LeaseLost` when another worker has halved it already: the records must not be in the ledger twice.
    """
    last = Chunk.objects.filter(upload=chunk.upload_id).aggregate(last=Max("index"))["last"]
    if not Chunk.objects.filter(pk=chunk.pk).delete()[0]:
        raise LeaseLost
    records = msgspec.json.decode(chunk.sendable(), type=list[Record])
    middle = len(records) // 2
    halves = []
    for index, half in enumerate((records[:middle], records[middle:]), start=last + 1):
        body, span = _encoded(half, kind)
        halves.append(_chunk(chunk.upload, index, body, len(half), span))
    Chunk.objects.bulk_create(halves)
    for file in (chunk.body, chunk.full):
        transaction.on_commit(partial(file.delete, save=False), robust=True)
    return halves
