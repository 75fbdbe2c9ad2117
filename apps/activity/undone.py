"""Which events have been taken back, and by which others: an undo that was itself undone counts no more."""

from collections.abc import Iterable
from uuid import UUID

from apps.activity.models import Event

MOST_TIMES = 20  # that undo and redo of one write are followed


def undone_by(events: Iterable[Event]) -> dict[UUID, Event]:
    """For each of these events that is taken back now, the newest event that did it."""
    asked = {event.pk for event in events}
    undoing: dict[UUID, list[Event]] = {}
    ids = set(asked)
    for _ in range(MOST_TIMES):
        if not ids:
            break
        found = list(
            Event.objects.filter(undoes__in=ids, outcome=Event.Outcome.DONE).defer("before", "after")
        )
        for event in found:
            if event.undoes is not None:
                undoing.setdefault(event.undoes, []).append(event)
        ids = {event.pk for event in found}
    in_effect = {pk: _in_effect(pk, undoing) for pk in asked}
    return {pk: event for pk, event in in_effect.items() if event is not None}


def _in_effect(pk: UUID, undoing: dict[UUID, list[Event]]) -> Event | None:
    return next((event for event in undoing.get(pk, ()) if _in_effect(event.pk, undoing) is None), None)
