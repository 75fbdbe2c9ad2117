"""Sending an upload, chunk by chunk from the ledger: the body of the background task."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.accounts.models import Credential
from apps.accounts.services import mark_used
from apps.aurorax import errors
from apps.permissions import NotAllowed
from apps.uploads import comparing, errands, ledger, outcomes, verifying
from apps.uploads.errands import Errand, Stopped
from apps.uploads.leases import Lease, LeaseLost
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import SENDS, Because, State, WrongTransition

IN_AURORAX = (ChunkState.ACCEPTED, ChunkState.VERIFIED)
ALONE = 100  # refusals of one upload that are traced; halving must not become a flood when AuroraX refuses everything
RETRY_AFTER = timedelta(minutes=1)  # for the first time, then twice as long each time
LONGEST_RETRY = timedelta(minutes=15)
ASK_TO_SIGN_IN = (
    "AuroraX does not accept the sign-in any more. Sign in again: the upload then goes on by itself."
)


def run(upload: Upload, lease: Lease) -> None:
    """Take the upload as far as it goes now: to done, or to a pause that says why."""
    while upload.state in SENDS:
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
    if upload.state == State.CANCELLED:
        outcomes.record(upload)


def _go(upload: Upload, lease: Lease, credential: Credential) -> None:
    """Work until the end, or until AuroraX stops it. Raises `NotSignedIn` and what says that somebody else decided."""
    try:
        errand = errands.prepare(upload, lease, credential)
        mark_used(credential)
        _work(errand)
    except errors.NotSignedIn:
        raise
    except errors.TryAgain as error:
        _pause(upload, Because.UNAVAILABLE, error.plain_sentence, _next_try(upload, error))
    except (errors.Refused, NotAllowed) as refusal:
        sentence = refusal.sentence if isinstance(refusal, errors.Refused) else refusal.reason
        _pause(upload, Because.REFUSED, sentence)
        outcomes.record_refusal(upload, sentence)


def _work(errand: Errand) -> None:
    upload = errand.upload
    if upload.snapshot is None:
        comparing.keep_what_is_there(errand)
    if upload.state == State.SENDING:
        for chunk in upload.chunks.filter(state__in=[ChunkState.WAITING, ChunkState.SENDING]):
            errand.go_on(State.SENDING)
            send_chunk(errand, chunk)
        upload.move(State.VERIFYING, sent_at=timezone.now(), retries=0)
    read_back = verifying.verify(errand)
    with transaction.atomic():  # never one without the other
        upload.move(State.DONE, read_back=read_back)
        outcomes.record(upload)


def send_chunk(errand: Errand, chunk: Chunk) -> None:
    """Send one chunk. The attempt is written down first: whatever happens then, the ledger knows of it.

    When AuroraX refuses its records, the halves are sent, and theirs, until the refused ones stand alone. Other errors
    are raised, and `Stopped` between two requests.
    """
    entry = Chunk.objects.filter(pk=chunk.pk)
    entry.update(attempts=F("attempts") + 1, state=ChunkState.SENDING)
    body = chunk.content()
    try:
        errand.patiently(lambda: errand.kind.upload(errand.client, errand.source, body))
    except errors.InvalidRequest as refusal:
        if chunk.count > 1 and errand.upload.chunks.filter(state=ChunkState.REFUSED).count() < ALONE:
            _send_halves(errand, chunk)
            return
        alone = comparing.records(chunk) if chunk.count == 1 else []
        key = errand.kind.key(alone[0]) if alone else ""
        entry.update(state=ChunkState.REFUSED, answer=refusal.sentence, key=key)
    else:
        entry.update(state=ChunkState.ACCEPTED)
    _count(errand.upload)


def _send_halves(errand: Errand, chunk: Chunk) -> None:
    """Each half is in the ledger before it is sent, so that a pause, a cancellation or a crash finds it there."""
    for half in ledger.halve(chunk, errand.kind):
        errand.go_on(State.SENDING)
        send_chunk(errand, half)


def _count(upload: Upload) -> None:
    """The counts on the page, from the ledger."""
    chunks = upload.chunks
    upload.keep(
        sent=chunks.filter(state__in=IN_AURORAX).aggregate(total=Sum("count"))["total"] or 0,
        refused=chunks.filter(state=ChunkState.REFUSED).aggregate(total=Sum("count"))["total"] or 0,
    )


def _next_try(upload: Upload, error: errors.TryAgain) -> timedelta:
    wait: timedelta = min(RETRY_AFTER * 2**upload.retries, LONGEST_RETRY)
    return max(wait, timedelta(seconds=error.retry_after or 0))


def _pause(upload: Upload, because: Because, sentence: str, again_in: timedelta | None = None) -> None:
    """Pause, unless somebody has moved the upload elsewhere meanwhile."""
    changes: dict[str, object] = {"paused_because": because, "sentence": sentence}
    if again_in is not None:
        changes |= {"retry_at": timezone.now() + again_in, "retries": min(upload.retries + 1, 10)}
    try:
        upload.move(State.PAUSED, **changes)
    except WrongTransition:
        upload.refresh_from_db()
