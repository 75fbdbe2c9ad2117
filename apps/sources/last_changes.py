"""Who changed a field of a data source last, and when, as far as it was done through the portal."""

from typing import Any

from apps.activity.models import Event
from apps.sources.changes import same
from apps.sources.sets import entry_of

MOST_LOOKED_AT = 50  # events of a data source, the latest
ELSEWHERE = "changed outside this portal"


def last_change(identifier: int, field: str, value: Any, part: str = "") -> str:
    """Of the field, or of one entry of it (`part`), to the value it has now, as part of a sentence."""
    events = Event.objects.about_source(identifier).filter(outcome=Event.Outcome.DONE)
    for event in events[:MOST_LOOKED_AT]:
        if _made(event, field, value, part):
            note = f" ({event.actor_note})" if event.actor_note else ""
            return f"changed by {event.actor}{note} at {event.at:%Y-%m-%d %H:%M} UTC"
    return ELSEWHERE


def _made(event: Event, field: str, value: Any, part: str) -> bool:
    """Whether the field was something else before, and this value after."""
    if not isinstance(event.after, dict) or field not in event.after:
        return False
    before = event.before.get(field) if isinstance(event.before, dict) else None
    was, became = (
        entry_of(field, part, each or []) if part else each for each in (before, event.after[field])
    )
    return same([became], [value]) and not same([was], [value])
