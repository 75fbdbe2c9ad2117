"""What can be done from an event about a deletion: open it, or restore what it deleted."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from apps.activity.models import Event, Snapshot
from apps.activity.offers import Offer, Offers, Onlooker
from apps.deletions.models import Deletion
from apps.deletions.restore import belongs_to
from apps.records.types import type_of


def deletion_offers(events: Sequence[Event], onlooker: Onlooker) -> Offers:
    """For `activity.offers`. Only to those who may see the deletion's page."""
    deletions = _deletions(events)
    copies = [deletion.snapshot for deletion in deletions.values() if deletion.snapshot]
    kept = set(Snapshot.objects.filter(pk__in=copies).exclude(file="").values_list("pk", flat=True))
    return {
        event.pk: list(_offers(event, deletions[event.pk], onlooker, kept))
        for event in events
        if event.pk in deletions and _sees(deletions[event.pk], onlooker)
    }


def _deletions(events: Sequence[Event]) -> dict[UUID, Deletion]:
    """By the event. Those of earlier releases are known by their copy."""
    copies = {event.snapshot: event for event in events if event.snapshot and event.undoes is None}
    found = Deletion.objects.filter(snapshot__in=copies) if copies else Deletion.objects.none()
    return {copies[deletion.snapshot].pk: deletion for deletion in found if deletion.snapshot}


def _offers(event: Event, deletion: Deletion, onlooker: Onlooker, kept: set[UUID]) -> Iterator[Offer]:
    kind = type_of(deletion.kind)
    address = kind.url("deletion", deletion.source_identifier, deletion.pk)
    yield Offer("Deletion", address)
    can_restore = deletion.snapshot in kept and not deletion.is_running and deletion.has_begun
    source = onlooker.source(deletion.source_identifier)
    if can_restore and event.pk not in onlooker.undone and source and belongs_to(deletion, source):
        yield Offer("Restore", address, {"decision": "restore"})


def _sees(deletion: Deletion, onlooker: Onlooker) -> bool:
    person = onlooker.person
    is_open = deletion.user_id == person.pk or person.email_is_proved
    return is_open and onlooker.may(type_of(deletion.kind).actions.delete, deletion.source_identifier)
