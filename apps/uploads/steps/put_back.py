"""Putting records back and deleting them, month by month, each looked at right before.

What is looked at right before, and left alone if it is another by then, is as near to a conditional write as one can come
(`apps/records/looks.py`). An ephemeris deletion is a range, and only ever covers minutes that hold nothing but what is to go.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import msgspec

from apps.aurorax import errors
from apps.aurorax.times import TimeSpan
from apps.jobs.prefetch import batched
from apps.records.looks import HasSpan, HeldRecords, in_requests, look_at
from apps.records.spans import span_of
from apps.records.types import RecordRow
from apps.uploads import shared_records
from apps.uploads.states import State
from apps.uploads.steps import pace, packing
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.replaced_records import ReplacedRecords
from apps.uploads.steps.sent_records import SentPart


@dataclass
class Undoable:
    """Records that are still as they were sent: which are to come back, as they were, and runs of keys of those that are to
    go, with nothing between them.
    """

    put_back: list[RecordRow] = field(default_factory=list)
    runs: list[list[str]] = field(default_factory=list)


class Remaining(NamedTuple):
    """Where records lie that are to be looked at again."""

    span: TimeSpan


class PutBack:
    """What an upload sent, taken back: `refused` are the keys of what AuroraX does not take, with its answers."""

    def __init__(
        self,
        context: StepContext,
        before: ReplacedRecords,
        theirs: ReplacedRecords,
        refused: Mapping[str, str] | None = None,
    ) -> None:
        """`theirs` is what others have changed since and somebody chose to undo, too."""
        self._context, self._before, self._theirs = context, before, theirs
        self.refused = dict(refused or {})
        self._last: RecordRow | None = None  # of those AuroraX was asked to take back, as it was sent

    def take_back(self, look: HeldRecords[SentPart]) -> None:
        """Put back or delete what was sent of this part, as far as it is still so."""
        kind = self._context.kind
        seen = look if look.is_fresh else self._look_again(look.item)
        held = [*seen.read()]
        rows = look.item.rows(kind) if held else {}
        while left := {key: row for key, row in rows.items() if key not in self.refused}:
            undoable = self._undoable(left, held)
            rows = {key: left[key] for key in self._carry_out(undoable, seen, left)}
            if rows:
                seen = self._look_again(Remaining(span_of(kind, rows.values())))
                held = [*seen.read()]

    def shows_last(self) -> bool:
        """Whether AuroraX still holds the last of them as it was sent: by then it may not have done the others either."""
        kind, last = self._context.kind, self._last
        if last is None or kind.key(last) in self.refused:
            return False
        seen = self._look_again(Remaining(span_of(kind, [last])))
        return any(kind.key(row) == kind.key(last) and kind.same(last, row) for row in seen.read())

    def _look_again(self, item: HasSpan) -> HeldRecords[Any]:
        return self._context.with_retries(partial(look_at, self._context, item))

    def _undoable(self, rows: Mapping[str, RecordRow], held: Sequence[RecordRow]) -> Undoable:
        """What of these may be undone because of what AuroraX holds where they are."""
        context, kind = self._context, self._context.kind
        ours = {
            key: row for row in held if (key := kind.key(row)) in rows and self._may_go(key, row, rows[key])
        }
        # Of what others have changed, somebody has said so.
        asked = {key: row for key, row in ours.items() if self._theirs.get(key) is None}
        kept = {} if context.upload.undo_shared else shared_records.shared(context.upload, asked)
        found, run = Undoable(), list[str]()
        for theirs in held:
            key = kind.key(theirs)
            is_ours = key in ours and key not in kept
            old = self._before.get(key) if is_ours else None
            if is_ours and old is None:
                run.append(key)
                continue
            if old is not None and not kind.same(old, theirs):
                found.put_back.append(old)
            found.runs, run = [*found.runs, run] if run else found.runs, []
        found.runs += [run] if run else []
        return found

    def _may_go(self, key: str, held: RecordRow, sent: RecordRow) -> bool:
        """Whether it is still as it was sent, or just as somebody chose to undo it."""
        kind, theirs = self._context.kind, self._theirs.get(key)
        return kind.same(sent, held) or (theirs is not None and kind.same(theirs, held))

    def _carry_out(
        self, undoable: Undoable, seen: HeldRecords[Any], rows: Mapping[str, RecordRow]
    ) -> Sequence[str]:
        """Ask AuroraX, at least once and as long as the look is fresh; answers the keys that are left over then."""
        requests = list(self._requests(undoable))
        for place, (keys, ask) in enumerate(requests):
            if place and not seen.is_fresh:
                return [key for rest, _ in requests[place:] for key in rest]
            self._context.ensure_state(State.UNDOING)
            ask()
            self._last = rows[keys[-1]]
        return ()

    def _requests(self, undoable: Undoable) -> Iterator[tuple[Sequence[str], Callable[[], None]]]:
        """Each with the keys that it is about."""
        context, kind = self._context, self._context.kind
        for old in batched(undoable.put_back, pace.chunk_records()):
            yield [*map(kind.key, old)], partial(self._put_back, old)
        for run in in_requests(kind, undoable.runs):
            yield run, partial(kind.delete, context.client, context.source, [run])

    def _put_back(self, rows: Sequence[RecordRow]) -> None:
        """Under the names that the data source has now. What AuroraX refuses is halved until it stands alone."""
        context, parts = self._context, [rows]
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
