"""Sending without replacing what somebody has written since the comparison.

What was compared a while ago, because the upload is long or was paused, is looked at again before it is sent, together
with what comes after it in the same window, and what has changed by then is left out. No look counts for longer than the
comparison did: a minute (decisions 8 and 24), also of a deletion that is restored.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from apps.activity.models import Snapshot
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import losses, matching, replaced_records
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.replaced_records import ReplacedRecords

FRESH = timedelta(minutes=1)  # what was looked at within this is sent without another look (decision 8)

MOST = 500  # chunks that are looked at together


class Guard:
    """Looks at chunks right before they are sent."""

    def __init__(
        self, context: StepContext, open_before: Callable[[], ReplacedRecords], compared_at: datetime
    ) -> None:
        # The statistics that the comparison was made with are of then.
        self._context = replace(context, source=replace(context.source, stats=None))
        self._open_before = open_before
        self._due_at = compared_at + FRESH
        self._seen = dict[int, dict[str, int]]()  # what the last look has found, by the key of the chunk
        self._seen_until = self._due_at
        self._others: list[str] = list(context.upload.report.others.get("sending", {}).get("listed", []))

    def leave_out(self, chunk: Chunk) -> bool:
        """Take out of the chunk what somebody has written since it was compared; whether anything is left to send."""
        now = timezone.now()
        if now < self._due_at:
            return True
        if chunk.pk not in self._seen or now >= self._seen_until:
            self._seen = self._look(self._together(chunk))
            self._seen_until = now + FRESH
        theirs = self._seen.pop(chunk.pk)
        if not theirs:
            return True
        self._others += theirs
        chunk.left_out = sorted({*chunk.left_out, *theirs.values()})
        chunk.to_send = chunk.count - len(chunk.left_out)
        chunk.state = chunk.state if chunk.to_send else ChunkState.IDENTICAL
        with transaction.atomic():
            chunk.save(update_fields=["left_out", "to_send", "state"])
            self._context.upload.report.set_others("sending", self._others)
        return bool(chunk.to_send)

    @cached_property
    def _old(self) -> ReplacedRecords:
        """Opened when it is needed: for most uploads that is never."""
        return self._open_before()

    def _together(self, chunk: Chunk) -> list[Chunk]:
        """It, and those that wait behind it and are looked at by the same search."""
        waiting = self._context.upload.chunks.filter(state=ChunkState.WAITING, index__gt=chunk.index)
        part = [chunk]
        for each in waiting[:MOST]:
            if not matching.is_one_window(self._context, [*part, each]):
                break
            part.append(each)
        return part

    def _look(self, chunks: Sequence[Chunk]) -> dict[int, dict[str, int]]:
        """The keys of what is neither as it was compared nor as it is sent, with their places in the chunk."""
        theirs: dict[int, dict[str, int]] = {chunk.pk: {} for chunk in chunks}
        restores = (
            self._context.upload.restores is not None
        )  # then a record may be there with quite another time
        for match in matching.matches(self._context, chunks, State.SENDING, whole_source=restores):
            if not match.same and not losses.is_as_before(self._context, match, self._old):
                theirs[match.at.chunk.pk][match.key] = match.at.place
        return theirs


@contextmanager
def guarding(context: StepContext) -> Iterator[Guard]:
    """A guard for this upload, which has been compared."""
    snapshot = Snapshot.objects.filter(pk=str(context.upload.snapshot)).first()
    compared_at = snapshot.taken_at if snapshot else context.upload.started_at or timezone.now()
    with ExitStack() as stack:
        opening = replaced_records.open_replaced(context.upload, context.kind)
        yield Guard(context, lambda: stack.enter_context(opening), compared_at)
