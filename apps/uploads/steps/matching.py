"""Comparing the ledger's records with what AuroraX holds, a few chunks at a time.

Chunks are only opened where AuroraX answers anything at all. While one window of AuroraX's records is compared the next
one is on its way, and the lease is renewed also while AuroraX has not answered.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from apps.jobs.prefetch import prefetched
from apps.records.types import RecordRow
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.spans import merged
from apps.uploads.states import State
from apps.uploads.steps import kept_values
from apps.uploads.steps.comparison import FilePosition, Match
from apps.uploads.steps.context import StepContext


def matches(
    context: StepContext,
    chunks: Sequence[Chunk],
    state: State,
    *,
    whole: bool = False,
    whole_source: bool = True,
) -> Iterator[Match]:
    """Records of these chunks that AuroraX holds, in AuroraX's order. `whole`: as the file has them, with what AuroraX
    keeps, and also those that are left out; `whole_source`: also those that are there with quite another time.
    """
    ours: dict[str, tuple[FilePosition, RecordRow]] = {}
    opened = False
    ensure = partial(context.ensure_state, state)
    for window in prefetched(_windows(context, chunks, whole_source=whole_source), waiting=ensure):
        ensure()
        if window and not opened:
            ours, opened = _by_key(context, chunks, whole=whole), True
        for theirs in window:
            key = context.kind.key(theirs)
            if key in ours:
                at, mine = ours.pop(key)
                same = not at.lacks and context.kind.same(mine, theirs)
                match = Match(key, mine, theirs, same, at)
                yield _with_kept(context, match) if whole and not same else match


def _with_kept(context: StepContext, match: Match) -> Match:
    """Where a record differs, it may be only in what the file does not give."""
    lacks = match.at.lacks
    kept = kept_values.kept(context.upload, match.ours, match.theirs, lacks)
    ours = kept_values.with_kept(match.ours, kept) if kept else match.ours
    same = bool(kept or lacks) and context.kind.same(ours, match.theirs)
    return match._replace(ours=ours, same=same, kept=kept)


def _windows(
    context: StepContext, chunks: Sequence[Chunk], *, whole_source: bool
) -> Iterator[list[RecordRow]]:
    """What AuroraX holds where records of these chunks are or (`whole_source`) could be."""
    kind, client, source = context.kind, context.client, context.source
    for first, last in merged(span for chunk in chunks for span in chunk.parts):
        yield from kind.search_batches(client, source, first, last, whole_source=whole_source)


def batches(context: StepContext, states: Sequence[ChunkState]) -> Iterator[list[Chunk]]:
    """The upload's chunks in these states, a few at a time."""
    batch: list[Chunk] = []
    count = 0
    for chunk in list(context.upload.chunks.filter(state__in=states)):
        batch.append(chunk)
        count += chunk.count
        if count >= context.kind.compare_batch_size:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def found(context: StepContext, chunks: Sequence[Chunk]) -> dict[int, set[int]]:
    """The places of the records that AuroraX holds with equal values, by the chunk's index."""
    there = {chunk.index: set[int]() for chunk in chunks}
    for match in matches(context, chunks, State.VERIFYING, whole_source=False):
        if match.same:
            there[match.at.chunk.index].add(match.at.place)
    return there


def _by_key(
    context: StepContext, chunks: Sequence[Chunk], *, whole: bool
) -> dict[str, tuple[FilePosition, RecordRow]]:
    kind, found = context.kind, {}
    for chunk in chunks:
        left_out = () if whole else set(chunk.left_out)
        body = chunk.as_given() if whole else chunk.content()
        lacks = kept_values.lacking(context.upload, body) if whole else None
        for place, row in enumerate(kind.rows_of(body)):
            if place not in left_out:
                found[kind.key(row)] = FilePosition(chunk, place, lacks[place] if lacks else ()), row
    return found
