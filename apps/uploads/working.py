"""Working on an upload with somebody's sign-in, as far as it goes now: comparing, sending, verifying, undoing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Credential
from apps.accounts.services import mark_used
from apps.activity import snapshots
from apps.aurorax import errors
from apps.permissions import NotAllowed
from apps.uploads import comparing, errands, keeping, outcomes, sending, undoing, verifying
from apps.uploads.errands import Errand, Stopped
from apps.uploads.leases import Lease, LeaseLost
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.row_check import Record
from apps.uploads.states import ASKS, Because, State, WrongTransition
from apps.uploads.tally import Tally

RETRY_AFTER = timedelta(minutes=1)  # for the first time, then twice as long each time
LONGEST_RETRY = timedelta(minutes=15)
ASK_TO_SIGN_IN = (
    "AuroraX does not accept the sign-in any more. Sign in again: the upload then goes on by itself."
)
CHANGED_MEANWHILE = (
    "What AuroraX holds under the keys of this file has changed since it was compared, so nothing was sent. The new"
    " comparison is below."
)


def run(upload: Upload, lease: Lease) -> None:
    """Take the upload as far as it goes now: to an end, to a decision, or to a pause that says why."""
    while upload.state in ASKS:
        credential = errands.live_credential(upload)
        if credential is None:
            _pause(upload, Because.SIGN_IN, ASK_TO_SIGN_IN)
            return
        try:
            _go(upload, lease, credential)
        except errors.NotSignedIn:
            credential.end()  # then try with another of this person's, if there is one
        except verifying.Parked as parked:
            upload.keep(retry_at=timezone.now() + timedelta(seconds=parked.seconds))
            break
        except (Stopped, LeaseLost, WrongTransition):
            break
        except Exception:
            _pause(upload, Because.FAULT, "The portal had a fault of its own here. Tell its administrator.")
            raise
    if upload.state == State.CANCELLED and upload.started_at:
        upload.refresh_from_db(fields=["acting"])  # whoever has cancelled it
        outcomes.record(upload)


def _go(upload: Upload, lease: Lease, credential: Credential) -> None:
    """One step, until AuroraX stops it. Raises `NotSignedIn` and what says that somebody else decided."""
    try:
        errand = errands.prepare(upload, lease, credential)
        mark_used(credential)
        STEPS[State(upload.state)](errand)
    except errors.NotSignedIn:
        raise
    except errors.TryAgain as error:
        _pause(upload, Because.UNAVAILABLE, error.plain_sentence, _next_try(upload, error))
    except (errors.Refused, NotAllowed) as refusal:
        sentence = refusal.sentence if isinstance(refusal, errors.Refused) else refusal.reason
        _pause(upload, Because.REFUSED, sentence)
        outcomes.record_refusal(upload, sentence)


def compare(errand: Errand) -> None:
    """Then it is for the person to decide, unless there is nothing to decide: all in AuroraX already."""
    upload = errand.upload
    found = errand.patiently(lambda: comparing.compare(errand)).saved()
    compared = found | {
        "new": upload.valid - found["changed"] - found["identical"],
        "compared_at": timezone.now(),
    }
    nothing_to_do = found["identical"] == upload.rows
    upload.move(State.DONE if nothing_to_do else State.CHECKED, **compared)


def send(errand: Errand) -> None:
    """Send what is new or changed, as far as the ledger has not done it; the first time compare once more before."""
    upload = errand.upload
    if upload.snapshot is None and not _settle(errand):
        return
    upload.keep(pace_since=timezone.now(), pace_from=upload.sent)
    sending.send_all(errand)
    upload.move(State.VERIFYING, sent_at=timezone.now(), retries=0)


def _settle(errand: Errand) -> bool:
    """Compare once more, keep a copy of what will be replaced, and set aside what need not be sent.

    False when AuroraX holds something else than the person saw: then it is theirs to decide again.
    """
    upload, tally = errand.upload, Tally(errand.kind)
    keeping.forget(upload.chunks.exclude(full=""))
    upload.chunks.update(left_out=[], to_send=F("count"), state=ChunkState.WAITING, full="")
    snapshot = snapshots.take(
        by=upload.actor,
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        records=_replaced(errand, tally),
    )
    is_stale = tally.fingerprint != upload.fingerprint
    found = tally.saved(emptying=upload.empty_missing and not is_stale)
    found["new"] = upload.valid - found["changed"] - found["identical"]
    if is_stale:
        snapshots.discard(snapshot)
        upload.move(State.CHECKED, sentence=CHANGED_MEANWHILE, compared_at=timezone.now(), **found)
        return False
    upload.keep(snapshot=snapshot.pk, **found)
    return True


def _replaced(errand: Errand, tally: Tally) -> Iterator[Record]:
    """The records that will be replaced, as AuroraX has them and as they can be uploaded again. What is not sent, and
    what AuroraX keeps of the others, is written down in the ledger on the way.
    """
    only_new, emptying = errand.upload.only_new, errand.upload.empty_missing
    for chunks in comparing.batches(errand, [*ChunkState]):
        left_out: dict[int, list[int]] = {}
        kept: dict[int, dict[int, keeping.Kept]] = {}
        for match in comparing.matches(errand, chunks, State.SENDING, whole=True):
            tally.add(match)
            if match.is_same(emptying=emptying) or only_new:
                left_out.setdefault(match.at.chunk.pk, []).append(match.at.place)
                continue
            if match.kept and not emptying:
                kept.setdefault(match.at.chunk.pk, {})[match.at.place] = match.kept
            yield errand.source.key | errand.kind.record_of(match.theirs)
        for chunk in chunks:
            _write_down(errand, chunk, left_out.get(chunk.pk, []), kept.get(chunk.pk, {}))


def _write_down(
    errand: Errand, chunk: Chunk, left_out: Sequence[int], kept: Mapping[int, keeping.Kept]
) -> None:
    changes: dict[str, object] = {}
    if left_out:
        rest = chunk.count - len(left_out)
        changes |= {"left_out": sorted(left_out), "to_send": rest}
        changes |= {} if rest else {"state": ChunkState.IDENTICAL}
    if len(left_out) < chunk.count and (kept or errand.upload.lacks):
        errand.go_on(State.SENDING)
        keeping.complete(chunk, errand.kind, kept)
        changes["full"] = chunk.full.name
    if changes:
        Chunk.objects.filter(pk=chunk.pk).update(**changes)


def verify(errand: Errand) -> None:
    """Read back what was sent."""
    read_back = verifying.verify(errand)
    with transaction.atomic():  # never one without the other
        errand.upload.move(State.DONE, read_back=read_back)
        outcomes.record(errand.upload)


STEPS: dict[State, Callable[[Errand], None]] = {
    State.COMPARING: compare,
    State.SENDING: send,
    State.VERIFYING: verify,
    State.UNDOING: undoing.undo,
}


def _next_try(upload: Upload, error: errors.TryAgain) -> timedelta:
    wait: timedelta = min(RETRY_AFTER * 2**upload.retries, LONGEST_RETRY)
    return max(wait, timedelta(seconds=error.retry_after or 0))


def _pause(upload: Upload, because: Because, sentence: str, again_in: timedelta | None = None) -> None:
    """Pause, unless somebody has moved the upload elsewhere meanwhile."""
    changes: dict[str, object] = {}
    if again_in is not None:
        changes = {"retry_at": timezone.now() + again_in, "retries": min(upload.retries + 1, 10)}
    try:
        upload.pause(because, sentence, **changes)
    except WrongTransition:
        upload.refresh_from_db()
