"""Putting records back and deleting them, in portions that are each looked at right before.

AuroraX has no conditional writes: what is looked at right before, and left alone if it is another by then, is as near to
them as one can come. An ephemeris deletion is a range, and only ever covers minutes that hold nothing but what is to go.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from apps.aurorax import errors
from apps.records.spans import span_of
from apps.records.types import RecordRow
from apps.uploads import shared_records
from apps.uploads.spans import merged
from apps.uploads.states import State
from apps.uploads.steps import pace, packing
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.replaced_records import ReplacedRecords

RUNS = 20  # deleted after one look; each is a request of its own for ephemeris


class PutBack:
    """What an upload sent, taken back: `refused` are the keys of what AuroraX does not take, with its answers."""

    def __init__(
        self, context: StepContext, before: ReplacedRecords, refused: Mapping[str, str] | None = None
    ) -> None:
        self._context, self._before = context, before
        self.refused = dict(refused or {})

    def take_back(self, rows: Mapping[str, RecordRow]) -> None:
        """Put back or delete these records, as far as they are still as they were a moment ago."""
        for portion in _portions([*rows], pace.chunk_records()):
            left = {key: rows[key] for key in portion if key not in self.refused}
            while left:
                self._context.ensure_state(State.UNDOING)
                put_back, runs = self._context.with_retries(partial(self._look, left))
                self._put_back(put_back)
                if runs:
                    self._context.ensure_state(State.UNDOING)
                    self._context.kind.delete(self._context.client, self._context.source, runs[:RUNS])
                left = {key: left[key] for run in runs[RUNS:] for key in run}

    def _look(self, rows: Mapping[str, RecordRow]) -> tuple[list[RecordRow], list[list[str]]]:
        """Which of these are to be put back now, and which to be deleted: runs of keys with nothing between them."""
        context, kind = self._context, self._context.kind
        kept = {} if context.upload.undo_shared else shared_records.shared(context.upload, rows)
        put_back: list[RecordRow] = []
        runs: list[list[str]] = [[]]
        for theirs in self._held(rows):
            if theirs is None:  # what lies between was not looked at
                runs.append([])
                continue
            key = kind.key(theirs)
            is_ours = key in rows and key not in kept and kind.same(rows[key], theirs)
            old = self._before.get(key) if is_ours else None
            if is_ours and old is None:
                runs[-1].append(key)
                continue
            runs.append([])
            if old is not None:
                put_back.append(old)
        return put_back, [run for run in runs if run]

    def _held(self, rows: Mapping[str, RecordRow]) -> Iterator[RecordRow | None]:
        """What AuroraX holds now where these are, and None behind each span of time."""
        context = self._context
        for span in merged(span_of(context.kind, [row]) for row in rows.values()):
            yield from context.kind.search(context.client, context.source, *span)
            yield None

    def _put_back(self, rows: Sequence[RecordRow]) -> None:
        """Under the names that the data source has now. What AuroraX refuses is halved until it stands alone."""
        context, parts = self._context, [rows] if rows else []
        while parts:
            part = parts.pop()
            body = msgspec.json.encode([context.kind.record_of(row) | context.source.key for row in part])
            context.ensure_state(State.UNDOING)
            try:
                context.with_retries(partial(context.kind.upload, context.client, context.source, body))
            except errors.InvalidRequest as refusal:
                parts += self._refused(part, refusal)

    def _refused(
        self, part: Sequence[RecordRow], refusal: errors.InvalidRequest
    ) -> Iterator[Sequence[RecordRow]]:
        """Its halves, the first one last; nothing more for a record that stands alone."""
        if len(part) > 1 and len(self.refused) < packing.ALONE:
            middle = len(part) // 2
            yield part[middle:]
            yield part[:middle]
            return
        self.refused |= {self._context.kind.key(row): refusal.message for row in part}


def _portions(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
