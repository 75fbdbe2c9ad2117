"""What is written down about a deletion: activity events."""

from typing import Any

from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.recording import AuditEntry, finish, record
from apps.aurorax import DataSource, times
from apps.deletions.models import Deletion
from apps.records.types import type_of


def summary(deletion: Deletion) -> str:
    """What was done, in the past tense."""
    return f"Deleted {_records(deletion)}"


def described(deletion: Deletion) -> dict[str, Any]:
    """What was there before, in brief; the records themselves are in the snapshot."""
    kind = type_of(deletion.kind)
    brief = {"count": deletion.count, "start": times.write(deletion.start), "end": times.write(deletion.end)}
    if kind.deletes_by_key:
        brief["urls"] = [kind.key(kind.row_of(record)) for record in deletion.survey["head"]]
    return brief


def record_cancelled(deletion: Deletion, source: DataSource) -> None:
    """One event for a deletion that was cancelled after it had begun."""
    entry = AuditEntry(
        summary=f"Cancelled the deletion of {_records(deletion)}: {deletion.deleted:,} are gone",
        source=source,
        before=described(deletion),
        after={"count": deletion.count - deletion.deleted},
        snapshot=deletion.snapshot,
        made_by=deletion.begun_by,
        about=deletion.pk,
        record_kind=deletion.kind,
        cause=Because(deletion.note),
    )
    if event := begun(deletion):
        finish(event, entry, Event.Outcome.DONE)
    else:
        record(by=deletion.user, action=type_of(deletion.kind).actions.delete, entry=entry)


def begun(deletion: Deletion) -> Event | None:
    """The event of a deletion that AuroraX was asked for, and of which it is not written down how it ended."""
    return Event.objects.filter(snapshot=deletion.snapshot, outcome=Event.Outcome.BEGUN).first()


def of(deletion: Deletion) -> Event | None:
    """The event of a deletion, however it ended; None where AuroraX was not asked."""
    found = Event.objects.filter(snapshot=deletion.snapshot, undoes=None) if deletion.snapshot else None
    return found.first() if found is not None else None


def has_ended(deletion: Deletion) -> bool:
    """Whether it is written down that AuroraX was asked for all there was to ask for."""
    return Event.objects.filter(snapshot=deletion.snapshot, outcome=Event.Outcome.DONE).exists()


def _records(deletion: Deletion) -> str:
    noun = type_of(deletion.kind).noun
    first, last = deletion.survey["first"].replace("T", " "), deletion.survey["last"].replace("T", " ")
    return f"{deletion.count:,} {noun}{'' if deletion.count == 1 else 's'}, {first} to {last} UTC"
