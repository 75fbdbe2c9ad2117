"""Carrying a deletion out: look what is there, keep a copy, delete, read back until nothing is left.

What is deleted is looked at right before, range by range: whatever is not exactly as it was copied is somebody else's by
then, and is left alone and listed.
"""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts import background
from apps.accounts.models import Credential
from apps.activity import snapshots
from apps.activity.causes import Because
from apps.activity.recording import audited
from apps.deletions import events
from apps.deletions.context import DeletionContext, prepare
from apps.deletions.copy import parts_of
from apps.deletions.leftovers import LeftoverSearch, count_gone
from apps.deletions.models import RUNNING, Deletion, DeletionState
from apps.deletions.ranges import delete_as_copied
from apps.deletions.scope import scope_of
from apps.deletions.survey import RangeSummary
from apps.jobs.leases import Lease
from apps.jobs.models import PauseReason

CHANGED = (
    "Records were added or changed since you looked, so they were not deleted. Look again, and decide anew."
)
STILL_THERE = "AuroraX has accepted the deletion, and still shows records. Go on to check again."


def look(context: DeletionContext) -> None:
    """Find out what there is."""
    edges = context.kind.on_edge(context.client, context.source, scope_of(context.deletion))
    survey = RangeSummary(context.kind, edges).read(context.records())
    context.deletion.transition(
        DeletionState.READY, survey=survey.summary(), fingerprint=survey.fingerprint, retries=0
    )


def save(context: DeletionContext) -> None:
    """Copy the records; go on only if they are still exactly those that were shown."""
    deletion = context.deletion
    survey = RangeSummary(context.kind, known=deletion.fingerprint)
    snapshot = snapshots.take(
        by=deletion.user,
        kind=deletion.kind,
        source_identifier=deletion.source_identifier,
        records=survey.observe(context.records()),
    )
    if survey.fingerprint == deletion.fingerprint:
        deletion.transition(DeletionState.DELETING, snapshot=snapshot.pk, retries=0)
    else:
        deletion.transition(DeletionState.STOPPED, message=CHANGED)


def delete(context: DeletionContext) -> None:
    """Ask AuroraX for all that is still as it was copied.

    After a worker was killed this begins again, and finds that some or all of the records are gone.
    """
    if not events.has_ended(context.deletion):
        _ask(context)
    context.deletion.transition(DeletionState.CHECKING, retries=0)


def _ask(context: DeletionContext) -> None:
    deletion = context.deletion
    ensure = partial(context.ensure_state, DeletionState.DELETING)
    with audited(
        by=deletion.user,
        action=context.kind.actions.delete,
        summary=events.summary(deletion),
        source=context.source,
        before=events.described(deletion),
        after={"count": 0},
        snapshot=deletion.snapshot,
        begun=events.begun(deletion),
        made_by=deletion.begun_by,
        about=deletion.pk,
        record_kind=deletion.kind,
        cause=Because(deletion.note),
    ) as entry:
        deletion.begin()
        for done in delete_as_copied(context, parts_of(deletion), ensure):
            deletion.add(deleted=done.deleted, left_alone=[*done.theirs], shown=sum(done.theirs.values()))
        if left := deletion.count_left_alone:
            entry.after = {"count": left}
            entry.summary += f", but for {left:,} that somebody had changed"


def check(context: DeletionContext) -> None:
    """Read back until nothing is left, for `settings.UPLOAD_VERIFY_SECONDS` at most. Raises `RetryLater`."""
    leftovers = LeftoverSearch(context)
    while not leftovers.finds_nothing():
        if not _wait(context):
            context.deletion.pause(PauseReason.UNCONFIRMED, STILL_THERE)
            return
    context.deletion.transition(DeletionState.DONE)


def cancel(context: DeletionContext) -> None:
    """Count what is gone, as soon as all is that AuroraX has accepted to delete: that is exactly what was deleted."""
    deletion = context.deletion
    while (gone := count_gone(context)) < deletion.deleted and _wait(context):
        pass
    with transaction.atomic():  # never one without the other
        deletion.transition(DeletionState.CANCELLED, deleted=gone)
        if gone or deletion.has_begun:
            events.record_cancelled(deletion, context.source)


def _wait(context: DeletionContext) -> bool:
    """Before another look; False when there has been enough of that."""
    since = context.deletion.reads_back_since or context.deletion.created_at
    left: float = settings.UPLOAD_VERIFY_SECONDS - (timezone.now() - since).total_seconds()
    if left <= 0:
        return False
    context.lease.wait_since(since, left)
    return True


STEPS: dict[DeletionState, Callable[[DeletionContext], None]] = {
    DeletionState.LOOKING: look,
    DeletionState.SAVING: save,
    DeletionState.DELETING: delete,
    DeletionState.CHECKING: check,
    DeletionState.CANCELLING: cancel,
}


def live_credential(deletion: Deletion) -> Credential | None:
    """The newest live one of whoever has decided last."""
    return background.live_credential(deletion.user, job=deletion.pk)


def _step(deletion: Deletion, lease: Lease[Deletion], credential: Credential) -> None:
    STEPS[DeletionState(deletion.state)](prepare(deletion, lease, credential))


RUNNER = background.SignedInRunner(states=RUNNING, credential=live_credential, step=_step)
