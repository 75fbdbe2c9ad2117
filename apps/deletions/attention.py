"""What waits for a person among their deletions, in a sentence and with one link to act."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.deletions.models import Deletion, DeletionState
from apps.records.types import type_of
from apps.ui.attention import Attention

# What was only looked at is old news after this: whoever has not come back to it by then will not.
FRESH = timedelta(days=14)
MOST_SHOWN = 20


def needs_action(person: User) -> list[Attention]:
    """Their deletions that wait for a decision or are paused; newest first."""
    return [*map(_of_deletion, _deletions(person)[:MOST_SHOWN])]


def unlisted(person: User) -> int:
    """How many more than `needs_action` lists."""
    return max(len(_deletions(person)) - MOST_SHOWN, 0)


def _deletions(person: User) -> list[Deletion]:
    """Looking at what a range holds is no wish to delete it for ever: after a while it is forgotten here."""
    asked = Q(state=DeletionState.READY, created_at__gte=timezone.now() - FRESH)
    stuck = Q(state__in=(DeletionState.PAUSED, DeletionState.STOPPED))
    found = Deletion.objects.filter(asked | stuck, user=person)
    return [deletion for deletion in found if deletion.count or deletion.state != DeletionState.READY]


def _of_deletion(deletion: Deletion) -> Attention:
    kind = type_of(deletion.kind)
    noun = kind.noun
    counted = (
        f"{deletion.count:,} {noun}{'' if deletion.count == 1 else 's'}" if deletion.count else f"{noun}s"
    )
    ready = deletion.state == DeletionState.READY
    return Attention(
        f"Deletion of {counted} of {deletion.source_name}",
        "Waiting for your decision. Nothing is deleted yet." if ready else deletion.message,
        "Decide" if ready else "See why",
        kind.url("deletion", deletion.source_identifier, deletion.pk),
    )
