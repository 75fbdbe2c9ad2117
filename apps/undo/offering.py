"""The button *Undo* on events about single writes and bulk actions, for those who may press it."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.activity.models import Event
from apps.activity.offers import Offer, Offers, Onlooker
from apps.permissions import Action, decide
from apps.permissions.addresses import is_same
from apps.records.types import type_of
from apps.undo.services import can_be_planned
from apps.undo.source_fields import RIGHTS, changed_fields


def undo_offers(events: Sequence[Event], onlooker: Onlooker) -> Offers:
    """For `activity.offers`. What is taken back already is not offered again."""
    return {
        event.pk: [offer_of(event)]
        for event in events
        if event.pk not in onlooker.undone and _is_offered(event, onlooker)
    }


def offer_of(event: Event) -> Offer:
    """The way to the page that says what undoing will do."""
    return Offer("Undo", reverse("activity-undo", args=[event.pk]))


def _is_offered(event: Event, onlooker: Onlooker) -> bool:
    if event.pk in onlooker.parts:
        return event.outcome != Event.Outcome.BEGUN and _may_undo_bulk(event, onlooker)
    return can_be_planned(event) and _may_undo(event, onlooker)


def _may_undo_bulk(event: Event, onlooker: Onlooker) -> bool:
    """Whether it is for them to try: what is not theirs is refused part by part."""
    is_theirs = event.actor == onlooker.person.email or onlooker.person.is_administrator
    return is_theirs and bool(decide(onlooker.person, Action(event.action)))


def _may_undo(event: Event, onlooker: Onlooker) -> bool:
    if event.action == Action.SOURCE_DELETE:
        owner = (event.before or {}).get("owner")
        wanted = Action.SOURCE_CREATE if is_same(owner, onlooker.person.email) else Action.SOURCE_CHANGE_OWNER
        return bool(decide(onlooker.person, wanted))
    needed = set(_needed(event))
    return bool(needed) and all(onlooker.may(action, event.source_identifier) for action in needed)


def _needed(event: Event) -> Iterator[Action]:
    """The rights that undoing takes."""
    if event.record_kind:
        actions = type_of(event.record_kind).actions
        yield actions.delete if event.before is None else actions.update
    elif event.action == Action.SOURCE_CREATE:
        yield Action.SOURCE_DELETE
    else:
        for name, _, _ in changed_fields(event):
            yield RIGHTS.get(name, Action.SOURCE_UPDATE)
