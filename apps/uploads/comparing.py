"""Comparing the ledger's records with what AuroraX holds, a few chunks at a time.

Chunks are only opened where AuroraX answers anything at all. While one window of AuroraX's records is compared the next
one is on its way.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from apps.uploads.ahead import ahead
from apps.uploads.errands import Errand
from apps.uploads.kinds import AnyRow, RecordKind
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State

APART = timedelta(days=2)  # between chunks that are not asked for together
EXAMPLES = 20  # differing values that are shown


class Place(NamedTuple):
    """Where a record of the file is: its chunk, and the place there, from 0."""

    chunk: Chunk
    place: int


class Match(NamedTuple):
    """A record of the file that AuroraX holds under its key, as it is there, and whether that is the same."""

    key: str
    ours: AnyRow
    theirs: AnyRow
    same: bool
    at: Place


@dataclass
class Tally:
    """How a file compares with AuroraX: counts in all and for each day, and how changed records differ."""

    kind: RecordKind
    same: Counter[str] = field(default_factory=Counter)  # day -> records
    changed: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)  # field -> records in which it differs
    examples: list[dict[str, Any]] = field(default_factory=list)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, match: Match) -> None:
        """Count one match."""
        self._digest.update(_encoder.encode(match.theirs))
        day = self.kind.day(match.ours)
        if match.same:
            self.same[day] += 1
            return
        self.changed[day] += 1
        for name, before, after in self.kind.differing(match.ours, match.theirs):
            self.fields[name] += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append({"key": match.key, "field": name, "before": before, "after": after})

    @property
    def fingerprint(self) -> str:
        """Stands for exactly what AuroraX holds under the file's keys; empty where that is nothing."""
        return str(self._digest.hexdigest()) if self.same or self.changed else ""

    def kept(self) -> dict[str, Any]:
        """What is saved with the upload."""
        return {
            "changed": self.changed.total(),
            "identical": self.same.total(),
            "fingerprint": self.fingerprint,
            "differences": {
                "fields": dict(self.fields.most_common()),
                "examples": self.examples,
                "changed_days": dict(self.changed),
                "identical_days": dict(self.same),
            },
        }


def compare(errand: Errand) -> Tally:
    """How the whole file compares. Raises `errors.AuroraXError` and `Stopped`."""
    tally = Tally(errand.kind)
    for chunks in batches(errand, [*ChunkState]):
        for match in matches(errand, chunks, State.COMPARING, whole=True):
            tally.add(match)
    return tally


def matches(
    errand: Errand, chunks: Sequence[Chunk], state: State, *, whole: bool = False, anywhere: bool = True
) -> Iterator[Match]:
    """Records of these chunks that AuroraX holds, in AuroraX's order. `whole`: those that are left out, too; `anywhere`:
    also those that are there with quite another time.
    """
    ours: dict[str, tuple[Place, AnyRow]] = {}
    opened = False
    for window in _windows(errand, chunks, anywhere=anywhere):
        errand.go_on(state)
        if window and not opened:
            ours, opened = _by_key(errand.kind, chunks, whole=whole), True
        for theirs in window:
            key = errand.kind.row_key(theirs)
            if key in ours:
                at, mine = ours.pop(key)
                yield Match(key, mine, theirs, errand.kind.same_row(mine, theirs), at)


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


def _by_key(kind: RecordKind, chunks: Sequence[Chunk], *, whole: bool) -> dict[str, tuple[Place, AnyRow]]:
    found = {}
    for chunk in chunks:
        left_out = () if whole else set(chunk.left_out)
        for place, row in enumerate(kind.rows_of(chunk.content())):
            if place not in left_out:
                found[kind.row_key(row)] = Place(chunk, place), row
    return found


_encoder = msgspec.json.Encoder(order="deterministic")
