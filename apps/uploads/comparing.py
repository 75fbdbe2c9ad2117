"""Comparing the ledger's records with what AuroraX holds. At most `BATCH` chunks are in memory."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from apps.activity import snapshots
from apps.uploads.errands import Errand
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.row_check import Record
from apps.uploads.states import State

BATCH = 40  # chunks
SIGN_OF_LIFE = 5_000  # records between two


def keep_what_is_there(errand: Errand) -> None:
    """Before anything is sent: a snapshot of every record that has a key of the file, and how the file compares.

    Counts new, changed and identical records. Raises `errors.AuroraXError`.
    """
    upload, counts = errand.upload, Counter[str]()
    snapshot = snapshots.take(
        by=upload.owner,
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        records=_existing(errand, counts),
    )
    there = counts["changed"] + counts["identical"]
    upload.keep(
        snapshot=snapshot.pk,
        new=upload.valid - there,
        changed=counts["changed"],
        identical=counts["identical"],
    )


def _existing(errand: Errand, counts: Counter[str]) -> Iterator[Record]:
    """AuroraX's records that the file's would replace, whole, in the shape they can be uploaded in again."""
    kind = errand.kind
    for chunks in batches(errand, [*ChunkState]):
        ours = records_by_key(errand, chunks)
        first, last = span(chunks)
        stored = kind.existing(errand.client, errand.source, first, last)
        for record in alive(errand, stored, State.SENDING):
            sent = ours.pop(kind.key(kind.canonical(record)), None)
            if sent is not None:
                counts["identical" if kind.same(sent, record) else "changed"] += 1
                yield errand.source.key | record


def missing(errand: Errand, chunks: Sequence[Chunk]) -> dict[int, list[Record]]:
    """The records of these chunks that AuroraX does not hold with equal values, by the chunk's index."""
    kind = errand.kind
    ours = records_by_key(errand, chunks)
    first, last = span(chunks)
    for record in alive(errand, kind.stored(errand.client, errand.source, first, last), State.VERIFYING):
        key = kind.key(kind.canonical(record))
        if key in ours and kind.same(ours[key], record):
            del ours[key]
    left: dict[int, list[Record]] = {chunk.index: [] for chunk in chunks}
    if ours:
        for chunk in chunks:
            left[chunk.index] = [record for record in records(chunk) if kind.key(record) in ours]
    return left


def batches(errand: Errand, states: Sequence[ChunkState]) -> Iterator[list[Chunk]]:
    """The upload's chunks in these states, a few at a time."""
    chunks = iter(list(errand.upload.chunks.filter(state__in=states)))
    while batch := list(islice(chunks, BATCH)):
        yield batch


def records(chunk: Chunk) -> list[Record]:
    """The records of a chunk, as they are sent."""
    return list(msgspec.json.decode(chunk.content(), type=list[dict[str, object]]))


def records_by_key(errand: Errand, chunks: Sequence[Chunk]) -> dict[str, Record]:
    """The records of several chunks."""
    return {errand.kind.key(record): record for chunk in chunks for record in records(chunk)}


def span(chunks: Sequence[Chunk]) -> tuple[datetime, datetime]:
    """The first and the last moment."""
    return min(chunk.first for chunk in chunks), max(chunk.last for chunk in chunks)


def alive(errand: Errand, stored: Iterator[Record], state: State) -> Iterator[Record]:
    """What AuroraX answers, with signs of life in between. Raises `Stopped`."""
    errand.go_on(state)
    for number, record in enumerate(stored, start=1):
        if number % SIGN_OF_LIFE == 0:
            errand.go_on(state)
        yield record
