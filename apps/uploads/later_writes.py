"""What the portal has written to the same records after an upload was read back: its page is no longer the last word.

Somebody who writes to AuroraX without the portal is not seen here; only checking again shows what is there now.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import times
from apps.records.spans import span_of
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.models.chunk import IN_AURORAX
from apps.uploads.states import State

MOST = 20  # that are listed
LOOKED_THROUGH = 500  # events of single records


class Later(NamedTuple):
    """A later write, in words, and the page about it."""

    message: str
    url: str


def moment(upload: Upload) -> datetime | None:
    """When the look began that the page is about: later writes may not be in it. None where nothing was read back yet."""
    if upload.state == State.UNDONE:
        return times.parse(upload.undo["looked_at"]) if upload.undo.get("looked_at") else upload.ended_at
    if upload.state != State.DONE:
        return None
    if upload.checked_again.get("at") and "problem" not in upload.checked_again:
        return times.parse(upload.checked_again["at"])
    # Reading back begins while the rest is still being sent, and a write is dated when it was begun: one that was under way
    # while AuroraX was looked at may have come after the look.
    return upload.started_at or upload.sent_at or upload.woken_at


def true_as_of(upload: Upload) -> datetime | None:
    """When what the upload's page and receipt say had been read back; None before."""
    return upload.ended_at if upload.state in (State.DONE, State.UNDONE) else None


def later_writes(upload: Upload) -> list[Later]:
    """What has been written since, through the portal, where records of this upload are."""
    since = moment(upload)
    if since is None or upload.first is None:
        return []
    return [later for look in _looks for later in islice(look(upload, since), MOST)]


def _uploads(upload: Upload, since: datetime) -> Iterator[Later]:
    """Sent or undone: those that were not over by then, and where the key is the time those in the same time."""
    others = Upload.objects.exclude(pk=upload.pk).filter(
        Q(ended_at=None) | Q(ended_at__gte=since),
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        api_url=upload.api_url,
        chunks__state__in=IN_AURORAX,
    )
    if type_of(upload.kind).key_is_time:
        others = others.filter(chunks__first__lte=upload.last, chunks__last__gte=upload.first)
    for other in others.select_related("owner", "acting").distinct():
        undone = other.state in (State.UNDOING, State.UNDONE)
        what = f"“{other.name}” was {'undone' if undone else 'sent'} by {other.actor.email}"
        yield Later(f"{what}{at(other.ended_at)}.", reverse("upload-detail", args=[other.pk]))


def _single_records(upload: Upload, since: datetime) -> Iterator[Later]:
    actions = type_of(upload.kind).actions
    events = Event.objects.about_source(upload.source_identifier).filter(
        at__gte=since, action__in=[actions.create, actions.update], api_url=upload.api_url
    )
    for event in events[:LOOKED_THROUGH]:
        if is_within(upload, event.after):
            what = f"{event.summary}, by {event.actor}{at(event.at)}."
            yield Later(what, reverse("activity-detail", args=[event.pk]))


def is_within(upload: Upload, record: object) -> bool:
    """Whether this is one record (and no receipt), where the upload can have it too."""
    kind = type_of(upload.kind)
    if not isinstance(record, dict):
        return False
    try:
        first, last = span_of(kind, [kind.row_of(record)])
    except ValueError:
        return False
    if not kind.key_is_time:
        return True
    return bool(upload.first and upload.last and first <= upload.last and upload.first <= last)


def at(moment: datetime | None) -> str:
    """When it was over, as the end of a sentence."""
    return f" at {moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


Look = Callable[[Upload, datetime], Iterator[Later]]
_looks: list[Look] = [_uploads, _single_records]


def register(look: Look) -> None:
    """Make known another kind of write; called by its app when Django starts."""
    if look not in _looks:
        _looks.append(look)
