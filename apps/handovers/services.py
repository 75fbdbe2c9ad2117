"""Handing over, as people decide about it. A worker does it, in `steps`; what is true about it is in its rows.

All raise `apps.permissions.NotAllowed` and `apps.aurorax.errors.AuroraXError`.
"""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import Credential, User
from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.recording import AuditEntry, record
from apps.aurorax import errors
from apps.handovers.models import Handover, HandoverItem, HandoverState
from apps.handovers.plan import PlannedItem, people_fields
from apps.jobs.recovery import resume_all, wake
from apps.permissions import Action, check


def begin(*, by: User, items: Sequence[PlannedItem], new_owner: str, note: str = "") -> Handover:
    """Hand these over, in the background under this person's sign-in: raises `errors.NotSignedIn` without a live one."""
    for item in items:
        check(by, Action.SOURCE_CHANGE_OWNER, item.source)
    if not Credential.objects.live().of_browsers().filter(user=by).exists():
        raise errors.NotSignedIn
    with transaction.atomic():
        handover = Handover.objects.create(user=by, new_owner=new_owner, note=note)
        HandoverItem.objects.bulk_create(
            _item(handover, position, item) for position, item in enumerate(items)
        )
        entry = AuditEntry(summary(handover), before={"sources": described(handover)}, cause=Because(note))
        event = record(by=by, action=Action.SOURCE_CHANGE_OWNER, entry=entry, outcome=Event.Outcome.BEGUN)
        handover.update_fields(event=event.pk)
    wake(handover)
    return handover


def resume(*, by: User, handover: Handover) -> None:
    """Go on where it was paused, from now on under this person's sign-in. Raises `WrongTransition`."""
    check(by, Action.SOURCE_CHANGE_OWNER)
    handover.resume(user=by)
    wake(handover)


def cancel(*, by: User, handover: Handover) -> None:
    """Hand over no more; what is handed over stays so. Raises `WrongTransition`."""
    check(by, Action.SOURCE_CHANGE_OWNER)
    was_paused = handover.state == HandoverState.PAUSED
    handover.transition(HandoverState.CANCELLED)
    if was_paused:
        wake(handover)


def resume_after_sign_in(person: User) -> None:
    """Let this person's hand-overs go on that wait for a sign-in."""
    resume_all(Handover.objects.filter(user=person).waiting_for_sign_in())


def summary(handover: Handover) -> str:
    """In the past tense, for the activity."""
    count = handover.items.count()
    what = f"{count:,} data source{'' if count == 1 else 's'}"
    return f"Handed {what} over to {handover.new_owner}"


def described(handover: Handover, *, after: bool = False) -> list[dict[str, object]]:
    """Owner and maintainers of each data source before the hand-over, or after, as its event keeps them."""
    return [
        {
            "identifier": item.source_identifier,
            "display_name": item.source_name,
            **((item.after or {}) if after else item.before),
            **({"result": item.state, "event": str(item.event) if item.event else None} if after else {}),
        }
        for item in handover.items.all()
    ]


def _item(handover: Handover, position: int, item: PlannedItem) -> HandoverItem:
    return HandoverItem(
        handover=handover,
        position=position,
        source_identifier=item.source.identifier,
        source_name=item.source.display_name,
        owner=item.owner,
        add=item.add,
        remove=item.remove,
        before=people_fields(item.source),
    )
