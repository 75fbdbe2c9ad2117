"""Recording a write, whichever way it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import Signal

from apps.accounts.models import User
from apps.activity.causes import NO_CAUSE, Cause
from apps.activity.models import Event
from apps.aurorax import DataSource, errors

# After something was written to AuroraX: `sender` is the class of events, `entry` what was done, `actor` who did it.
written = Signal()


@dataclass
class AuditEntry:
    """What will be written down about a write; a service fills in what it learns on the way."""

    summary: str
    source: DataSource | None = None
    before: Any = None
    after: Any = None
    snapshot: UUID | None = None
    made_by: User | None = None  # the upload or deletion that it is about
    about: UUID | None = None  # that upload or deletion itself
    record_kind: str = ""
    cause: Cause = NO_CAUSE
    outcome: str = Event.Outcome.DONE
    event: Event | None = None  # where it is written down, once it is


@contextmanager
def audited(
    *,
    by: User,
    action: str,
    summary: str,
    source: DataSource | None = None,
    before: Any = None,
    after: Any = None,
    snapshot: UUID | None = None,
    begun: Event | None = None,
    made_by: User | None = None,
    about: UUID | None = None,
    record_kind: str = "",
    cause: Cause = NO_CAUSE,
) -> Iterator[AuditEntry]:
    """Around every write to AuroraX: an event is there before it is made, and says afterwards how it ended, also when AuroraX
    refuses or does not answer (then raised again). Where the process, or the database, dies in between, or something else
    goes wrong, the event stays `BEGUN`: nobody knows whether the write arrived.

    `summary` says in the past tense what was done, e.g. "Changed the display name". `begun` is the event of an earlier
    attempt at the same write, which this one finishes. `made_by` is who began what it is about. What was carried out and is
    not as wanted all the same sets the entry's `outcome`.
    """
    entry = AuditEntry(summary, source, before, after, snapshot, made_by, about, record_kind, cause)
    event = begun or record(by=by, action=action, entry=entry, outcome=Event.Outcome.BEGUN)
    entry.event = event
    try:
        yield entry
    except errors.AuroraXError as error:
        refused = isinstance(error, errors.Refused)
        entry.summary = f"{entry.summary}: {error.message}"
        outcome = Event.Outcome.REFUSED if refused else Event.Outcome.FAILED
        finish(event, entry, outcome)
        raise
    finish(event, entry, entry.outcome)


def finish(event: Event, entry: AuditEntry, outcome: str) -> None:
    """Say how a write ended whose event was left when it began."""
    Event.objects.finish(event.pk, outcome=outcome, **_fields(entry))
    if outcome == Event.Outcome.DONE:
        written.send(Event, entry=entry, actor=event.actor)


def record(*, by: User, action: str, entry: AuditEntry, outcome: str = Event.Outcome.DONE) -> Event:
    """Add one event. `action` is a value of `apps.permissions.Action`."""
    return Event.objects.create(
        actor=by.email,
        actor_role=by.role,
        actor_note=_note(by),
        made_by=entry.made_by.email if entry.made_by else "",
        made_by_note=_note(entry.made_by) if entry.made_by else "",
        action=action,
        outcome=outcome,
        api_url=settings.AURORAX_API_URL,
        **_fields(entry),
    )


def _note(person: User) -> str:
    return "" if person.email_is_proved else "address stated with an API key"


def _fields(entry: AuditEntry) -> dict[str, Any]:
    source = entry.source
    return {
        "summary": entry.summary,
        "source_identifier": source.identifier if source else None,
        "source_name": source.display_name if source else "",
        "before": entry.before,
        "after": entry.after,
        "snapshot": entry.snapshot,
        "about": entry.about,
        "record_kind": entry.record_kind,
        "note": entry.cause.note,
        "undoes": entry.cause.undoes,
        "part_of": entry.cause.part_of,
    }
