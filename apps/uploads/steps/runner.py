"""Working on an upload with somebody's sign-in, as far as it goes now: comparing, sending, verifying, undoing."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import Credential
from apps.accounts.services import mark_used
from apps.aurorax import errors
from apps.jobs.leases import Lease, LeaseLost
from apps.permissions import NotAllowed
from apps.uploads import events
from apps.uploads.models import Upload
from apps.uploads.states import NEEDS_SIGN_IN, PauseReason, State, WrongTransition
from apps.uploads.steps import compare, send, undo, verify
from apps.uploads.steps.context import StepContext, Stopped, live_credential, prepare

RETRY_AFTER = timedelta(minutes=1)  # for the first time, then twice as long each time
LONGEST_RETRY = timedelta(minutes=15)
ASK_TO_SIGN_IN = (
    "AuroraX does not accept the sign-in any more. Sign in again: the upload then goes on by itself."
)


def run(upload: Upload, lease: Lease[Upload]) -> None:
    """Take the upload as far as it goes now: to an end, to a decision, or to a pause that says why."""
    while upload.state in NEEDS_SIGN_IN:
        credential = live_credential(upload)
        if credential is None:
            _pause(upload, PauseReason.SIGN_IN, ASK_TO_SIGN_IN)
            return
        try:
            _go(upload, lease, credential)
        except errors.NotSignedIn:
            credential.end()  # then try with another of this person's, if there is one
        except verify.VerificationPending as parked:
            upload.update_fields(retry_at=timezone.now() + timedelta(seconds=parked.seconds))
            break
        except (Stopped, LeaseLost, WrongTransition):
            break
        except Exception:
            _pause(
                upload, PauseReason.FAULT, "The portal had a fault of its own here. Tell its administrator."
            )
            raise
    if upload.state == State.CANCELLED and upload.started_at:
        upload.refresh_from_db(fields=["acting"])  # whoever has cancelled it
        events.record(upload)


def _go(upload: Upload, lease: Lease[Upload], credential: Credential) -> None:
    """One step, until AuroraX stops it. Raises `NotSignedIn` and what says that somebody else decided."""
    try:
        context = prepare(upload, lease, credential)
        mark_used(credential)
        STEPS[State(upload.state)](context)
    except errors.NotSignedIn:
        raise
    except errors.TryAgain as error:
        _pause(upload, PauseReason.UNAVAILABLE, error.plain_message, _next_try(upload, error))
    except (errors.Refused, NotAllowed) as refusal:
        message = refusal.message if isinstance(refusal, errors.Refused) else refusal.reason
        _pause(upload, PauseReason.REFUSED, message)
        events.record_refusal(upload, message)


STEPS: dict[State, Callable[[StepContext], None]] = {
    State.COMPARING: compare.run,
    State.SENDING: send.run,
    State.VERIFYING: verify.run,
    State.UNDOING: undo.run,
}


def _next_try(upload: Upload, error: errors.TryAgain) -> timedelta:
    wait: timedelta = min(RETRY_AFTER * 2**upload.retries, LONGEST_RETRY)
    return max(wait, timedelta(seconds=error.retry_after or 0))


def _pause(upload: Upload, because: PauseReason, message: str, again_in: timedelta | None = None) -> None:
    """Pause, unless somebody has moved the upload elsewhere meanwhile."""
    changes: dict[str, object] = {}
    if again_in is not None:
        changes = {"retry_at": timezone.now() + again_in, "retries": min(upload.retries + 1, 10)}
    try:
        upload.pause(because, message, **changes)
    except WrongTransition:
        upload.refresh_from_db()
