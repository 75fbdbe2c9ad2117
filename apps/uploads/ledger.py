"""Writing the ledger: laying records out as a chunk, and a refused chunk as its two halves."""

import hashlib
from collections.abc import Sequence
from functools import partial

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from apps.uploads import cells
from apps.uploads.kinds import RecordKind
from apps.uploads.leases import LeaseLost
from apps.uploads.models import Chunk, Upload
from apps.uploads.row_check import Record


def lay_out(upload: Upload, index: int, bodies: Sequence[bytes], spans: Sequence[tuple[str, str]]) -> Chunk:
    """One chunk of these records, each as JSON: in storage and in the ledger. `spans` are theirs."""
    body = b"[" + b",".join(bodies) + b"]"
    chunk = Chunk(
        upload=upload,
        index=index,
        count=len(bodies),
        first=cells.moment(min(start for start, _ in spans)),
        last=cells.moment(max(end for _, end in spans)),
        sha256=hashlib.sha256(body).hexdigest(),
    )
    chunk.body.save("", ContentFile(body), save=True)
    return chunk


@transaction.atomic
def halve(chunk: Chunk, kind: RecordKind) -> list[Chunk]:
    """Two chunks in the place of this one, which must hold two records or more. All of it happens, or nothing.

    Raises `LeaseLost` when another worker has halved it already: the records must not be in the ledger twice.
    """
    last = Chunk.objects.filter(upload=chunk.upload_id).aggregate(last=Max("index"))["last"]
    if not Chunk.objects.filter(pk=chunk.pk).delete()[0]:
        raise LeaseLost
    records = msgspec.json.decode(chunk.content(), type=list[Record])
    middle = len(records) // 2
    halves = []
    for index, half in enumerate((records[:middle], records[middle:]), start=last + 1):
        bodies = [msgspec.json.encode(record) for record in half]
        halves.append(lay_out(chunk.upload, index, bodies, [kind.span(record) for record in half]))
    transaction.on_commit(partial(chunk.body.delete, save=False), robust=True)
    return halves
