"""What a worker does: one data source after the other, each read, written and read again.

Killed anywhere it goes on: what is written is found so by the next worker, and told as done.
"""

from functools import partial
from uuid import UUID

from django.db import transaction

from apps.accounts import background
from apps.accounts.background import ensure_live, open_credential
from apps.accounts.models import Credential
from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.recording import AuditEntry, audited, finish, record
from apps.aurorax import AuroraX, DataSource, errors
from apps.handovers.models import Handover, HandoverItem, HandoverState, ItemState
from apps.handovers.plan import is_made, maintainers_after, people_fields
from apps.handovers.services import described, summary
from apps.jobs.leases import Lease, Stopped
from apps.maintainers.locks import source_lock
from apps.permissions import Action, check

GONE = "AuroraX has no such data source any more."
ANOTHER = "Its owner is {owner} by now: somebody has changed that since you looked. It was left alone."


def run(handover: Handover, lease: Lease[Handover], credential: Credential) -> None:
    """Hand over all that is still to come. Raises `Stopped`, `NotAllowed` and `errors.AuroraXError`."""
    client = AuroraX(open_credential(credential))
    for item in handover.items.filter(state=ItemState.WAITING):
        lease.renew()
        ensure_live(credential)
        if handover.state != HandoverState.RUNNING:
            raise Stopped
        _hand_over(handover, item, client)
    end(handover, HandoverState.DONE)


def end(handover: Handover, state: HandoverState) -> None:
    """Say what came of all of it, in one event. A hand-over that is cancelled already only gets that."""
    with transaction.atomic():
        if handover.state != state:
            handover.transition(state)
        handover.items.filter(state=ItemState.WAITING).update(state=ItemState.NOT_DONE)
        event = _begun(handover.event)
        if event is None:
            return
        done = handover.items.filter(state__in=(ItemState.DONE, ItemState.UNCHANGED)).count()
        left = handover.items.count() - done
        said = summary(handover) + (f"; {left:,} of them could not be" if left else "")
        before, after = {"sources": described(handover)}, {"sources": described(handover, after=True)}
        entry = AuditEntry(said, before=before, after=after | {"done": done, "failed": left})
        entry.cause = Because(handover.note)
        finish(event, entry, Event.Outcome.FAILED if left else Event.Outcome.DONE)


def _hand_over(handover: Handover, item: HandoverItem, client: AuroraX) -> None:
    try:
        with source_lock(item.source_identifier):
            _write(handover, item, client)
    except errors.NotSignedIn:
        raise
    except errors.NotFound:
        item.settle(ItemState.REFUSED, GONE)
    except errors.Refused as refusal:
        item.settle(ItemState.REFUSED, refusal.message)


def _write(handover: Handover, item: HandoverItem, client: AuroraX) -> None:
    """Read, write if it has to be, read again. A write whose worker was killed is finished here."""
    current = client.sources.get(item.source_identifier)
    check(handover.user, Action.SOURCE_CHANGE_OWNER, current)
    begun = _begun(item.event)
    if is_made(current, item):
        _was_made(item, current, begun)
    elif current.owner not in (item.before["owner"], item.owner):
        item.settle(ItemState.CHANGED, ANOTHER.format(owner=current.owner or "nobody"))
    else:
        _send(handover, item, client, current, begun)


def _was_made(item: HandoverItem, current: DataSource, begun: Event | None) -> None:
    """By an attempt of ours whose worker was killed, or by somebody else."""
    after = people_fields(current)
    if begun is not None:
        cause = Because(begun.note, part_of=begun.part_of)
        entry = AuditEntry(begun.summary, source=current, before=item.before, after=after, cause=cause)
        finish(begun, entry, Event.Outcome.DONE)
        item.settle(ItemState.DONE, after=after)
    else:
        item.settle(ItemState.UNCHANGED, after=after)


def _send(
    handover: Handover, item: HandoverItem, client: AuroraX, current: DataSource, begun: Event | None
) -> None:
    before = people_fields(current)
    wanted = _wanted(item, current)
    cause = Because(handover.note, part_of=handover.event)
    entry = AuditEntry(
        f"Handed over to {item.owner}", source=current, before=before, after=before | wanted, cause=cause
    )
    if begun is None:  # kept with the item before anything is sent: a later attempt finishes it
        begun = record(
            by=handover.user, action=Action.SOURCE_CHANGE_OWNER, entry=entry, outcome=Event.Outcome.BEGUN
        )
    item.settle(ItemState.WAITING, before=before, event=begun.pk)
    write = partial(
        audited, by=handover.user, action=Action.SOURCE_CHANGE_OWNER, summary=entry.summary, source=current
    )
    with write(before=before, after=entry.after, begun=begun, cause=cause) as told:
        updated = client.sources.update(current.identifier, wanted)
        told.after = people_fields(updated)
    kept = is_made(updated, item)
    message = "" if kept else "Sent, but AuroraX holds something else. Look at the data source."
    item.settle(ItemState.DONE if kept else ItemState.UNCONFIRMED, message, after=people_fields(updated))


def _begun(event: UUID | None) -> Event | None:
    """The event of a write that is not finished, if there is one."""
    return Event.objects.filter(pk=event, outcome=Event.Outcome.BEGUN).first() if event else None


def _wanted(item: HandoverItem, current: DataSource) -> dict[str, object]:
    """The fields to send, only those that change."""
    after = maintainers_after(current.maintainers, add=item.add, remove=item.remove)
    wanted: dict[str, object] = {"owner": item.owner} if current.owner != item.owner else {}
    return wanted | ({"maintainers": after} if after != list(current.maintainers) else {})


def live_credential(handover: Handover) -> Credential | None:
    """The newest live one of whoever has decided last."""
    return background.live_credential(handover.user, job=handover.pk)


RUNNER = background.SignedInRunner(
    states=frozenset({HandoverState.RUNNING}), credential=live_credential, step=run
)
