"""Comparing the ledger's records with what AuroraX holds, one window of time after the other.

Chunks are only opened where AuroraX answers anything at all. While one window of AuroraX's records is compared the next
ones are on their way, and the lease is renewed also while AuroraX has not answered.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from apps.aurorax.times import TimeSpan
from apps.records.types import RecordRow
from apps.records.windows import read_windows
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.spans import meet, merged, on_days
from apps.uploads.states import State
from apps.uploads.steps import kept_values
from apps.uploads.steps.comparison import FilePosition, Match
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.held_days import held_days


class Matched(NamedTuple):
    """What comes of one window: its matches, and the chunks of which no later one holds any record."""

    matches: Sequence[Match]
    done: Sequence[Chunk]


@dataclass(frozen=True)
class Comparing:
    """How chunks are compared. `whole`: as the file has them, with what AuroraX keeps, and also those that are left out;
    `whole_source`: also with records that are there with quite another time; `held`: the only days on which AuroraX holds
    anything, where that is proven; `at_once`: by one search, however long its span.
    """

    whole: bool = False
    whole_source: bool = True
    held: Container[date] | None = None
    at_once: bool = False


def matches(
    context: StepContext,
    chunks: Sequence[Chunk],
    state: State,
    *,
    whole: bool = False,
    whole_source: bool = True,
) -> Iterator[Match]:
    """Records of these chunks that AuroraX holds, in AuroraX's order."""
    how = Comparing(whole, whole_source)
    return (match for window in matched(context, chunks, state, how) for match in window.matches)


def whole_file(context: StepContext, state: State) -> Iterator[Matched]:
    """Everything in the file beside what AuroraX holds, without searching where that is proven to be nothing."""
    chunks, how = list(context.upload.chunks.all()), Comparing(whole=True)
    held = held_days(context, state, _windows(context, chunks, how))
    return matched(context, chunks, state, replace(how, held=held))


def matched(
    context: StepContext, chunks: Sequence[Chunk], state: State | None, how: Comparing
) -> Iterator[Matched]:
    """The same window by window; in the end every chunk was among the `done`. Without a state it is done beside what else
    a worker does: without a sign of life, and not again where AuroraX cannot answer.
    """
    windows = _windows(context, chunks, how)
    together = _Together(context, chunks, windows)
    if together.most_open <= context.kind.compare_batch_size:
        yield from _matched(context, together, state, how)
        return
    for part in _batches(chunks, context.kind.compare_batch_size):  # they are not in the order of time
        together = _Together(context, part, _windows(context, part, how))
        yield from _matched(context, together, state, how)


def batches(context: StepContext, states: Sequence[ChunkState]) -> Iterator[list[Chunk]]:
    """The upload's chunks in these states, a few at a time."""
    return _batches(context.upload.chunks.filter(state__in=states), context.kind.compare_batch_size)


def is_one_window(context: StepContext, chunks: Sequence[Chunk]) -> bool:
    """Whether one search is for all of these, and they can be held at once."""
    whole = min(chunk.first for chunk in chunks), max(chunk.last for chunk in chunks)
    is_one = len(context.kind.windows(context.client, context.source, [whole])) == 1
    return is_one and sum(chunk.count for chunk in chunks) <= context.kind.compare_batch_size


class _Together:
    """Which windows a chunk has records in: from the first of them to the last it is open."""

    def __init__(self, context: StepContext, chunks: Sequence[Chunk], windows: Sequence[TimeSpan]) -> None:
        self.windows = windows
        self.opening: dict[int, list[Chunk]] = {}
        self.closing: dict[int, list[Chunk]] = {}
        self.nowhere: list[Chunk] = []
        for chunk in chunks:
            met = [place for place, window in enumerate(windows) if meet(chunk.parts, window)]
            if met:
                self.opening.setdefault(met[0], []).append(chunk)
                self.closing.setdefault(met[-1], []).append(chunk)
            else:
                self.nowhere.append(chunk)

    @property
    def most_open(self) -> int:
        """The most records of the file that are open together."""
        opened = most = 0
        for place in range(len(self.windows)):
            opened += sum(chunk.count for chunk in self.opening.get(place, ()))
            most = max(most, opened)
            opened -= sum(chunk.count for chunk in self.closing.get(place, ()))
        return most


@dataclass
class _Open:
    """The records of the chunks that are open, by key. They are read from storage when AuroraX has anything there."""

    context: StepContext
    how: Comparing
    waiting: list[Chunk] = field(default_factory=list)
    rows: dict[str, tuple[FilePosition, RecordRow]] = field(default_factory=dict)
    keys: dict[int, list[str]] = field(default_factory=dict)  # by the key of the chunk

    def match(self, theirs: Sequence[RecordRow]) -> list[Match]:
        """Those of them that AuroraX holds."""
        if not theirs:
            return []
        for chunk in self.waiting:
            mine = dict(_by_key(self.context, chunk, whole=self.how.whole))
            self.rows |= mine
            self.keys[chunk.pk] = [*mine]
        self.waiting = []
        return [found for row in theirs if (found := self._match(row))]

    def close(self, chunks: Sequence[Chunk]) -> None:
        """Nothing more comes of these."""
        for chunk in chunks:
            for key in self.keys.pop(chunk.pk, ()):
                self.rows.pop(key, None)
        self.waiting = [chunk for chunk in self.waiting if chunk not in chunks]

    def _match(self, theirs: RecordRow) -> Match | None:
        key = self.context.kind.key(theirs)
        if key not in self.rows:
            return None
        at, mine = self.rows.pop(key)
        same = not at.lacks and self.context.kind.same(mine, theirs)
        match = Match(key, mine, theirs, same, at)
        return _with_kept(self.context, match) if self.how.whole and not same else match


def _matched(
    context: StepContext, together: _Together, state: State | None, how: Comparing
) -> Iterator[Matched]:
    ensure = partial(context.ensure_state, state) if state else None
    if together.nowhere:
        yield Matched((), together.nowhere)
    opened = _Open(context, how)
    found = read_windows(
        context.kind,
        context.client,
        context.source,
        together.windows,
        waiting=ensure,
        failed=context.rest_after if state and not how.at_once else None,
    )
    for place, rows in enumerate(found):
        if ensure:
            ensure()
        opened.waiting += together.opening.get(place, ())
        done = together.closing.get(place, ())
        yield Matched(opened.match(rows), done)
        opened.close(done)


def _with_kept(context: StepContext, match: Match) -> Match:
    """Where a record differs, it may be only in what the file does not give."""
    lacks = match.at.lacks
    kept = kept_values.kept(context.upload, match.ours, match.theirs, lacks)
    ours = kept_values.with_kept(match.ours, kept) if kept else match.ours
    same = bool(kept or lacks) and context.kind.same(ours, match.theirs)
    return match._replace(ours=ours, same=same, kept=kept)


def _windows(context: StepContext, chunks: Sequence[Chunk], how: Comparing) -> list[TimeSpan]:
    """Where records of these chunks are, or (`whole_source`) could be, and AuroraX may hold any."""
    spans = merged(span for chunk in chunks for span in chunk.parts)
    if how.held is not None:
        spans = on_days(spans, how.held)
    if how.at_once:
        return [(spans[0][0], spans[-1][1])] if spans else []
    return context.with_retries(
        lambda: context.kind.windows(context.client, context.source, spans, whole_source=how.whole_source)
    )


def _batches(chunks: Iterable[Chunk], most: int) -> Iterator[list[Chunk]]:
    """In their order, so many records at a time."""
    batch: list[Chunk] = []
    count = 0
    for chunk in list(chunks):
        if batch and count + chunk.count > most:
            yield batch
            batch, count = [], 0
        batch.append(chunk)
        count += chunk.count
    if batch:
        yield batch


def _by_key(
    context: StepContext, chunk: Chunk, *, whole: bool
) -> Iterator[tuple[str, tuple[FilePosition, RecordRow]]]:
    left_out = () if whole else set(chunk.left_out)
    body = chunk.as_given() if whole else chunk.content()
    lacks = kept_values.lacking(context.upload, body) if whole else None
    for place, row in enumerate(context.kind.rows_of(body)):
        if place not in left_out:
            yield context.kind.key(row), (FilePosition(chunk, place, lacks[place] if lacks else ()), row)
