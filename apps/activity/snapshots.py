"""Keeping what a write is about to replace or delete, so that it can be put back."""

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

import msgspec
from django.core.files import File

from apps.accounts.models import User
from apps.activity.models import Snapshot
from apps.jobs.prefetch import batched

LEVEL = 3  # of gzip: the highest takes eight times as long, for a file that is a fifth smaller
BATCH = 500  # records that are written at once
_encoder = msgspec.json.Encoder()


def take(*, by: User, kind: str, source_identifier: int, records: Iterable[dict[str, Any]]) -> Snapshot:
    """Write the records (in the API's upload shape) to storage as they come; nothing is held in memory.

    `kind` is the slug of the record type. Returns the snapshot, also of no records at all.
    """
    snapshot = Snapshot(actor=by.email, user=by, kind=kind, source_identifier=source_identifier, count=0)
    with tempfile.TemporaryFile() as spool:
        snapshot.count = write(spool, records)
        snapshot.size = spool.tell()
        spool.seek(0)
        snapshot.file.save(f"{snapshot.pk}.ndjson.gz", File(spool), save=False)
    snapshot.save()
    return snapshot


def write(file: IO[bytes], records: Iterable[dict[str, Any]]) -> int:
    """Records as gzipped NDJSON; answers how many there were."""
    count = 0
    with gzip.open(file, "wb", LEVEL) as lines:
        for batch in batched(records, BATCH):
            lines.write(_encoder.encode_lines(batch))
            count += len(batch)
    return count


def discard(snapshot: Snapshot) -> None:
    """Forget a snapshot of records that were not touched after all."""
    snapshot.file.delete(save=False)
    snapshot.delete()


def let_go(snapshot: Snapshot) -> None:
    """Forget the records; that there was a copy of so many stays known."""
    snapshot.file.delete(save=False)
    snapshot.file, snapshot.size = "", 0
    snapshot.save(update_fields=["file", "size"])


def records_of(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The records again, one at a time, as they were."""
    return map(msgspec.json.decode, lines_of(snapshot))


def lines_of(snapshot: Snapshot) -> Iterator[bytes]:
    """The same as they are kept: each as JSON in a line."""
    with snapshot.file.open("rb") as packed, gzip.open(packed, "rb") as lines:
        yield from cast("IO[bytes]", lines)
