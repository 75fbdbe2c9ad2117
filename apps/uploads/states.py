"""The life of an upload, as data.

received -> reading -> needs columns -> reading -> checked | rejected
checked -> sending -> verifying -> done
sending, verifying -> paused -> sending
needs columns, checked, sending, verifying, paused -> cancelled
"""

from django.db.models import TextChoices


class State(TextChoices):
    """Where an upload stands."""

    RECEIVED = "received", "Received"
    READING = "reading", "Reading"
    NEEDS_COLUMNS = "needs columns", "Needs columns"
    REJECTED = "rejected", "Cannot be read"
    CHECKED = "checked", "Checked"
    SENDING = "sending", "Sending"
    VERIFYING = "verifying", "Verifying"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Done"


class Because(TextChoices):
    """Why an upload is paused."""

    YOU = "you", "by hand"
    SIGN_IN = "sign-in", "sign-in needed"
    UNAVAILABLE = "unavailable", "AuroraX unavailable"
    REFUSED = "refused", "AuroraX refuses it"
    FAULT = "fault", "a fault of the portal"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.READING}),
    State.READING: frozenset({State.READING, State.NEEDS_COLUMNS, State.CHECKED, State.REJECTED}),
    State.NEEDS_COLUMNS: frozenset({State.READING, State.CANCELLED}),
    State.CHECKED: frozenset({State.SENDING, State.CANCELLED}),
    State.SENDING: frozenset({State.VERIFYING, State.PAUSED, State.CANCELLED}),
    State.VERIFYING: frozenset({State.DONE, State.PAUSED, State.CANCELLED}),
    State.PAUSED: frozenset({State.SENDING, State.CANCELLED}),
    State.REJECTED: frozenset(),
    State.CANCELLED: frozenset(),
    State.DONE: frozenset(),
}
# States in which a worker is, or should be, at work.
READS = frozenset({State.RECEIVED, State.READING})
SENDS = frozenset({State.SENDING, State.VERIFYING})
RUNNING = READS | SENDS
ENDED = frozenset({State.REJECTED, State.CANCELLED, State.DONE})


class WrongTransition(Exception):
    """An upload cannot go from the state it is in to the one asked for."""

    def __init__(self, now: str, to: str) -> None:
        super().__init__(f"An upload that is {now} cannot become {to}.")
        self.now, self.to = now, to
