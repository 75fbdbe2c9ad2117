"""The life of an upload, as data.

received -> reading -> needs columns | rejected -> reading
reading -> comparing -> checked -> sending -> verifying -> done
sending -> checked, when AuroraX has changed since it was compared
comparing, sending, verifying, undoing -> paused, and from there on again
done -> sending, when nothing was sent because the file lacks only what AuroraX keeps, and that is to be emptied
done, cancelled -> undoing -> undone -> undoing
"""

from django.db.models import TextChoices


class State(TextChoices):
    """Where an upload stands."""

    RECEIVED = "received", "Received"
    READING = "reading", "Reading"
    NEEDS_COLUMNS = "needs columns", "Needs an answer"
    REJECTED = "rejected", "Cannot be read"
    COMPARING = "comparing", "Comparing"
    CHECKED = "checked", "Checked"
    SENDING = "sending", "Sending"
    VERIFYING = "verifying", "Verifying"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Done"
    UNDOING = "undoing", "Undoing"
    UNDONE = "undone", "Undone"


S = State
TRANSITIONS: dict[State, frozenset[State]] = {
    S.RECEIVED: frozenset({S.READING}),
    S.READING: frozenset({S.READING, S.NEEDS_COLUMNS, S.COMPARING, S.CHECKED, S.REJECTED}),
    S.NEEDS_COLUMNS: frozenset({S.READING, S.CANCELLED}),
    S.REJECTED: frozenset({S.READING}),
    S.COMPARING: frozenset({S.CHECKED, S.DONE, S.PAUSED, S.READING, S.CANCELLED}),
    S.CHECKED: frozenset({S.COMPARING, S.SENDING, S.READING, S.CANCELLED}),
    S.SENDING: frozenset({S.CHECKED, S.VERIFYING, S.PAUSED, S.CANCELLED}),
    S.VERIFYING: frozenset({S.DONE, S.PAUSED, S.CANCELLED}),
    S.PAUSED: frozenset({S.COMPARING, S.SENDING, S.UNDOING, S.CANCELLED}),
    S.CANCELLED: frozenset({S.UNDOING}),
    S.DONE: frozenset({S.UNDOING, S.SENDING}),
    S.UNDOING: frozenset({S.UNDONE, S.PAUSED}),
    S.UNDONE: frozenset({S.UNDOING}),
}
# States in which a worker is, or should be, at work.
READS = frozenset({S.RECEIVED, S.READING})
NEEDS_SIGN_IN = frozenset(
    {S.COMPARING, S.SENDING, S.VERIFYING, S.UNDOING}
)  # and needs somebody's sign-in for it
RUNNING = READS | NEEDS_SIGN_IN
ENDED = frozenset({S.REJECTED, S.CANCELLED, S.DONE, S.UNDONE})
