"""Events as pages and exports show them: with what became of them, and what can be done about them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count

from apps.accounts.http import PortalRequest
from apps.activity.differences import Field, compare
from apps.activity.models import Event
from apps.activity.offers import Offer, Onlooker, offers_for
from apps.activity.undone import undone_by
from apps.aurorax import times

BRIEFLY = 3  # changed fields in the list
NOT_KNOWN = "It is not known whether this arrived: look at what AuroraX has before you do it again."


@dataclass(frozen=True)
class EventRow:
    """One event; `parts` is how many it opens to, where it is a bulk action."""

    event: Event
    undone: Event | None = None
    parts: int = 0
    offers: Sequence[Offer] = field(default_factory=list)

    @cached_property
    def changed(self) -> list[Field]:
        """The fields that were changed. What uploads and deletions say of themselves is no change of fields."""
        event = self.event
        if event.concerns is not None or self.parts:
            return []
        return [each for each in compare(event.before, event.after) if each.differs]

    @property
    def briefly(self) -> list[Field]:
        """The first of them, where the event changed what was there before and is there now."""
        is_change = self.event.before is not None and self.event.after is not None
        return self.changed[:BRIEFLY] if is_change else []

    @property
    def more(self) -> int:
        """How many of them the list leaves out."""
        return len(self.changed) - len(self.briefly) if self.briefly else 0

    @property
    def remarks(self) -> list[str]:
        """Every note that the page shows beside the event, as texts."""
        event = self.event
        said = [event.actor_note]
        if event.is_about_anothers:
            said.append(
                f"made by {event.made_by}" + (f" ({event.made_by_note})" if event.made_by_note else "")
            )
        if event.outcome == Event.Outcome.BEGUN:
            said.append(NOT_KNOWN)
        if self.parts:
            said.append(f"{self.parts} events belong to it")
        if self.undone is not None:
            said.append(self.undone_words)
        return [each for each in said if each]

    @property
    def undone_words(self) -> str:
        """By whom it was taken back, and when."""
        undone = self.undone
        return f"undone by {undone.actor} at {undone.at:%Y-%m-%d %H:%M:%S} UTC" if undone else ""


def rows_for(request: PortalRequest, events: Iterable[Event]) -> list[EventRow]:
    """With what this person may do about each."""
    listed = list(events)
    undone, parts = undone_by(listed), parts_of(listed)
    offers = offers_for(listed, Onlooker(request, undone, parts))
    return [EventRow(each, undone.get(each.pk), parts.get(each.pk, 0), offers[each.pk]) for each in listed]


def plain_rows(events: Sequence[Event]) -> Iterator[EventRow]:
    """The same without buttons, for exports."""
    undone, parts = undone_by(events), parts_of(events)
    for each in events:
        yield EventRow(each, undone.get(each.pk), parts.get(each.pk, 0))


def parts_of(events: Iterable[Event]) -> dict[UUID, int]:
    """How many events each bulk action among these opens to."""
    members = Event.objects.filter(part_of__in=[event.pk for event in events if event.part_of is None])
    counted = members.order_by().values("part_of").annotate(count=Count("pk"))
    return {row["part_of"]: row["count"] for row in counted if row["part_of"]}


def exported(row: EventRow) -> dict[str, Any]:
    """All that an export says of an event; `before` and `after` as JSON values."""
    event, undone = row.event, row.undone
    return {
        "time_utc": times.write(event.at),
        "person": event.actor,
        "role": event.actor_role,
        "note": event.actor_note,
        "action": event.action,
        "outcome": event.outcome,
        "summary": event.summary,
        "source_identifier": event.source_identifier,
        "source_name": event.source_name,
        "before": event.before,
        "after": event.after,
        "snapshot": _text(event.snapshot),
        "made_by": event.made_by,
        "made_by_note": event.made_by_note,
        "api_url": event.api_url,
        "why": event.note,
        "remarks": "; ".join(row.remarks),
        "event": _text(event.pk),
        "undoes": _text(event.undoes),
        "undone_by": _text(undone.pk if undone else None),
        "part_of": _text(event.part_of),
        "about": _text(event.concerns),
        "record_kind": event.record_kind,
    }


def _text(pk: UUID | None) -> str:
    return str(pk) if pk else ""
