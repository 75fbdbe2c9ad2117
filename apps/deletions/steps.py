"""Carrying a deletion out: look what is there, keep a copy, delete, read back until nothing is left.

A worker takes a lease, so that two never work on one deletion, and one that is killed is followed by another as soon as
the lease has run out. What is deleted is looked at right before, range by range: whatever is not exactly as it was copied
is somebody else's by then, and is left alone and listed.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from apps.accounts.services import aurorax_for
from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource, errors, times
from apps.deletions.models import WORKING, Deletion, DeletionState, WrongTransition
from apps.deletions.ranges import delete_as_copied
from apps.deletions.scope import scope_of
from apps.deletions.survey import RangeSummary, record_digest
from apps.permissions import NotAllowed, check
from apps.records.types import RecordRow, RecordType, type_of

LEASE = timedelta(minutes=10)  # longer than the longest single search
BEAT = 5_000  # records between two renewals of the lease
LONGEST_PAUSE = 5.0  # seconds between two looks whether everything is gone
CHANGED = (
    "Records were added or changed since you looked, so they were not deleted. Look again, and decide anew."
)


@task
def carry_out(pk: str) -> None:
    """Work on a deletion until it needs a person or is over."""
    deletion = _lease(pk)
    if deletion is None:
        return
    try:
        _work_or_pause(deletion)
    except WrongTransition:
        pass  # a person or another worker moved it meanwhile, and theirs is the last word
    finally:
        Deletion.objects.filter(pk=pk, leased_until=deletion.leased_until).update(leased_until=None)


def _work_or_pause(deletion: Deletion) -> None:
    try:
        _work(deletion)
    except errors.AuroraXError as error:
        deletion.pause(error.message)
    except NotAllowed as refusal:
        deletion.pause(refusal.reason)


def _work(deletion: Deletion) -> None:
    client = aurorax_for(deletion.user)
    source = client.sources.get(deletion.source_identifier)
    kind = type_of(deletion.kind)
    check(deletion.user, kind.actions.delete, source)
    while deletion.is_working:
        STEPS[DeletionState(deletion.state)](kind, client, source, deletion)


def _look(kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion) -> None:
    edges = kind.on_edge(client, source, scope_of(deletion))
    survey = RangeSummary(kind, edges).read(_records(kind, client, source, deletion))
    deletion.transition(DeletionState.READY, survey=survey.summary(), fingerprint=survey.fingerprint)


def _save(kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion) -> None:
    """Copy the records; go on only if they are still exactly those that were shown."""
    survey = RangeSummary(kind)
    rows = survey.observe(_records(kind, client, source, deletion))
    snapshot = snapshots.take(
        by=deletion.user,
        kind=kind.slug,
        source_identifier=source.identifier,
        records=map(kind.record_of, rows),
    )
    if survey.fingerprint == deletion.fingerprint:
        deletion.transition(DeletionState.DELETING, snapshot=snapshot.pk)
    else:
        deletion.transition(DeletionState.STOPPED, message=CHANGED)


def _delete(kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion) -> None:
    """Ask AuroraX, unless somebody has added or changed records since the copy was made.

    After a worker was killed this runs again, and then some or all of the records may be gone. Once the first range has
    gone, what changes is left alone and the rest is deleted.
    """
    snapshot = _snapshot(deletion)
    kept = _prints_kept(kind, snapshot)
    left = 0
    for row in _records(kind, client, source, deletion):
        left += record_digest(kind, row) in kept
        if record_digest(kind, row) not in kept and not deletion.has_begun:
            deletion.transition(DeletionState.STOPPED, message=CHANGED)
            return
    if left or not Event.objects.filter(snapshot=snapshot.pk, outcome=Event.Outcome.DONE).exists():
        _ask(kind, client, source, deletion, snapshot)
    deletion.transition(DeletionState.CHECKING)


def _ask(
    kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion, snapshot: Snapshot
) -> None:
    with audited(
        by=deletion.user, action=kind.actions.delete, summary=summary(deletion), source=source
    ) as entry:
        entry.before = described(deletion)
        entry.after = {"count": 0}
        entry.snapshot = snapshot.pk
        deletion.begin()
        for done in delete_as_copied(kind, client, source, copied(kind, snapshot)):
            _renew(deletion)
            deletion.leave_alone([*done.theirs], shown=sum(done.theirs.values()))
        if left := deletion.count_left_alone:
            entry.after = {"count": left}
            entry.summary += f", but for {left:,} that somebody had changed"


def _check(kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion) -> None:
    """Read back until nothing is left, for `settings.UPLOAD_VERIFY_SECONDS` at most.

    What somebody has uploaded there since is theirs, and no sign that the deletion failed.
    """
    kept = _prints_kept(kind, _snapshot(deletion))
    give_up = time.monotonic() + settings.UPLOAD_VERIFY_SECONDS
    pause = 0.1
    while any(record_digest(kind, row) in kept for row in _records(kind, client, source, deletion)):
        if time.monotonic() + pause > give_up:
            deletion.pause(
                "AuroraX has accepted the deletion, and still shows records. Go on to check again."
            )
            return
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    deletion.transition(DeletionState.DONE, finished_at=timezone.now())


def _snapshot(deletion: Deletion) -> Snapshot:
    return Snapshot.objects.get(pk=str(deletion.snapshot))


def _prints_kept(kind: RecordType, snapshot: Snapshot) -> set[bytes]:
    return {record_digest(kind, row) for row in copied(kind, snapshot)}


def copied(kind: RecordType, snapshot: Snapshot) -> Iterator[RecordRow]:
    """The records of the copy."""
    return map(kind.row_of, snapshots.records_of(snapshot))


Step = Callable[[RecordType, AuroraX, DataSource, Deletion], None]
STEPS: dict[DeletionState, Step] = {
    DeletionState.LOOKING: _look,
    DeletionState.SAVING: _save,
    DeletionState.DELETING: _delete,
    DeletionState.CHECKING: _check,
}


def summary(deletion: Deletion) -> str:
    """What was done, in the past tense, for the activity list."""
    noun = type_of(deletion.kind).noun
    first, last = deletion.survey["first"].replace("T", " "), deletion.survey["last"].replace("T", " ")
    return f"Deleted {deletion.count:,} {noun}{'' if deletion.count == 1 else 's'}, {first} to {last} UTC"


def described(deletion: Deletion) -> dict[str, Any]:
    """What was there before, in brief; the records themselves are in the snapshot."""
    kind = type_of(deletion.kind)
    brief = {"count": deletion.count, "start": times.write(deletion.start), "end": times.write(deletion.end)}
    if kind.deletes_by_key:
        brief["urls"] = [kind.key(kind.row_of(record)) for record in deletion.survey["head"]]
    return brief


def _records(
    kind: RecordType, client: AuroraX, source: DataSource, deletion: Deletion
) -> Iterator[RecordRow]:
    """What the deletion means, as AuroraX has it now; the lease is renewed while the records come."""
    _renew(deletion)
    for number, row in enumerate(kind.covered(client, source, scope_of(deletion)), start=1):
        if number % BEAT == 0:
            _renew(deletion)
        yield row


def _lease(pk: str) -> Deletion | None:
    """The deletion, if it has work to do and nobody else is at it."""
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    taken = Deletion.objects.filter(free, pk=pk, state__in=WORKING).update(leased_until=now + LEASE)
    return Deletion.objects.select_related("user").get(pk=pk) if taken else None


def _renew(deletion: Deletion) -> None:
    """A sign of life. Raises `WrongTransition` when another worker has taken over, because this one gave none."""
    until = timezone.now() + LEASE
    if not Deletion.objects.filter(pk=deletion.pk, leased_until=deletion.leased_until).update(
        leased_until=until
    ):
        raise WrongTransition("Another worker has this deletion now.")
    deletion.leased_until = until
