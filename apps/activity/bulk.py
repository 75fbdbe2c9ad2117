"""One action on many things: an event for all of it, which opens to those of its parts."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from apps.accounts.models import User
from apps.activity.causes import NO_CAUSE, Cause
from apps.activity.models import Event
from apps.activity.recording import AuditEntry, finish, record


class BulkCause:
    """The cause of every part. Its event is there before the first write is made; where nothing is written there is none."""

    def __init__(self, by: User, action: str, summary: str, cause: Cause) -> None:
        self._by, self._action, self._cause = by, action, cause
        self.entry = AuditEntry(summary, cause=cause)
        self.event: Event | None = None
        self.done = self.failed = 0

    @property
    def note(self) -> str:
        """The same for all."""
        return self._cause.note

    @property
    def undoes(self) -> UUID | None:
        """Each part takes back another event: `Part`."""
        return None

    @property
    def part_of(self) -> UUID:
        """The event, from now on."""
        if self.event is None:
            self.event = record(
                by=self._by, action=self._action, entry=self.entry, outcome=Event.Outcome.BEGUN
            )
        return self.event.pk

    def count(self, *, failed: bool) -> None:
        """One part is over."""
        self.failed += failed
        self.done += not failed


class BulkPart:
    """The cause of one part that takes an event back."""

    def __init__(self, bulk: BulkCause, undoes: UUID) -> None:
        self._bulk, self.undoes = bulk, undoes

    @property
    def note(self) -> str:
        """That of all."""
        return self._bulk.note

    @property
    def part_of(self) -> UUID:
        """The event of all."""
        return self._bulk.part_of


@contextmanager
def several(*, by: User, action: str, summary: str, cause: Cause = NO_CAUSE) -> Iterator[BulkCause]:
    """Around the writes of one bulk action, each of which takes what this gives as its cause and counts how it ended."""
    bulk = BulkCause(by, action, summary, cause)
    whole = False
    try:
        yield bulk
        whole = True
    finally:
        if bulk.event is not None:
            total = bulk.done + bulk.failed
            if bulk.failed or not whole:
                bulk.entry.summary += f": done on {bulk.done:,}, failed on {bulk.failed:,}"
            bulk.entry.after = {"done": bulk.done, "failed": bulk.failed}
            complete = whole and not bulk.failed and bool(total)
            finish(bulk.event, bulk.entry, Event.Outcome.DONE if complete else Event.Outcome.FAILED)
