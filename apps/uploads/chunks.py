"""Writing the ledger: laying records out as chunks, and a refused chunk as its two halves."""

from collections.abc import Iterable, Sequence
from functools import partial

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from apps.jobs.leases import LeaseLost
from apps.records.types import RecordType
from apps.uploads.models import Chunk, Upload
from apps.uploads.reader.messages import Part
from apps.uploads.reader.repeated_rows import Span
from apps.validation import values
from apps.validation.row import Record


def store(upload: Upload, index: int, parts: Sequence[Part]) -> list[Chunk]:
    """A chunk of each part, from this index on: in storage, and to be entered in the ledger by the caller."""
    return [
        _chunk(upload, place, part.body, part.count, (part.first, part.last))
        for place, part in enumerate(parts, start=index)
    ]


def clear(upload: Upload) -> None:
    """Remove all chunks, and their bodies."""
    for chunk in upload.chunks.all():
        chunk.body.delete(save=False)
        chunk.full.delete(save=False)
    upload.chunks.all().delete()


def _chunk(upload: Upload, index: int, body: bytes, count: int, span: Span) -> Chunk:
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


def _encoded(records: Iterable[Record], kind: RecordType) -> tuple[bytes, Span]:
    """A body, and the first and last moment of its records."""
    kept = list(records)
    spans = [kind.span(record) for record in kept]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return msgspec.json.encode(kept), (values.moment(first), values.moment(last))


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
