"""Comparing the ledger's records with what AuroraX holds, a few chunks at a time.

Chunks are only opened where AuroraX answers anything at all. While one window of AuroraX's records is compared the next
one is on its way.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from apps.jobs.prefetch import ahead
from apps.records.types import AnyRow
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import kept_values
from apps.uploads.steps.comparison import Match, Place
from apps.uploads.steps.context import Errand

APART = timedelta(days=2)  # between chunks that are not asked for together


def matches(
    errand: Errand, chunks: Sequence[Chunk], state: State, *, whole: bool = False, anywhere: bool = True
) -> Iterator[Match]:
    """Records of these chunks that AuroraX holds, in AuroraX's order. `whole`: as the file has them, with what AuroraX
    keeps, and also those that are left out; `anywhere`: also those that are there with quite another time.
    """
    ours: dict[str, tuple[Place, AnyRow]] = {}
    opened = False
    for window in _windows(errand, chunks, anywhere=anywhere):
        errand.go_on(state)
        if window and not opened:
            ours, opened = _by_key(errand, chunks, whole=whole), True
        for theirs in window:
            key = errand.kind.row_key(theirs)
            if key in ours:
                at, mine = ours.pop(key)
                same = not at.lacks and errand.kind.same_row(mine, theirs)
                match = Match(key, mine, theirs, same, at)
                yield _with_kept(errand, match) if whole and not same else match


def _with_kept(errand: Errand, match: Match) -> Match:
    """Where a record differs, it may be only in what the file does not give."""
    lacks = match.at.lacks
    kept = kept_values.kept(errand.upload, match.ours, match.theirs, lacks)
    ours = kept_values.with_kept(match.ours, kept) if kept else match.ours
    same = bool(kept or lacks) and errand.kind.same_row(ours, match.theirs)
    return match._replace(ours=ours, same=same, kept=kept)


def _windows(errand: Errand, chunks: Sequence[Chunk], *, anywhere: bool) -> Iterator[list[AnyRow]]:
    """What AuroraX holds where records of these chunks are or (`anywhere`) could be, asked for one window ahead."""
    kind, client, source = errand.kind, errand.client, errand.source

    def asked() -> Iterator[list[AnyRow]]:
        for first, last in spans(chunks):
            yield from kind.windows(client, source, first, last, anywhere=anywhere)

    return ahead(asked())


def spans(chunks: Sequence[Chunk]) -> list[tuple[datetime, datetime]]:
    """The spans of the chunks, those that touch or nearly touch as one."""
    found: list[tuple[datetime, datetime]] = []
    for first, last in sorted((chunk.first, chunk.last) for chunk in chunks):
        if found and first - found[-1][1] <= APART:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def batches(errand: Errand, states: Sequence[ChunkState]) -> Iterator[list[Chunk]]:
    """The upload's chunks in these states, a few at a time."""
    batch: list[Chunk] = []
    count = 0
    for chunk in list(errand.upload.chunks.filter(state__in=states)):
        batch.append(chunk)
        count += chunk.count
        if count >= errand.kind.compared_together:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def found(errand: Errand, chunks: Sequence[Chunk]) -> dict[int, set[int]]:
    """The places of the records that AuroraX holds with equal values, by the chunk's index."""
    there = {chunk.index: set[int]() for chunk in chunks}
    for match in matches(errand, chunks, State.VERIFYING, anywhere=False):
        if match.same:
            there[match.at.chunk.index].add(match.at.place)
    return there


def _by_key(errand: Errand, chunks: Sequence[Chunk], *, whole: bool) -> dict[str, tuple[Place, AnyRow]]:
    kind, found = errand.kind, {}
    for chunk in chunks:
        left_out = () if whole else set(chunk.left_out)
        body = chunk.as_given() if whole else chunk.content()
        lacks = kept_values.lacking(errand.upload, body) if whole else None
        for place, row in enumerate(kind.rows_of(body)):
            if place not in left_out:
                found[kind.row_key(row)] = Place(chunk, place, lacks[place] if lacks else ()), row
    return found
