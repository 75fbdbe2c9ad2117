"""Working on an upload with somebody's sign-in, as far as it goes now: comparing, sending, verifying, undoing."""

from collections.abc import Callable

from apps.accounts import background
from apps.accounts.models import Credential
from apps.jobs.leases import Lease
from apps.uploads import events
from apps.uploads.models import Upload
from apps.uploads.states import NEEDS_SIGN_IN, State
from apps.uploads.steps import compare, send, undo, verify
from apps.uploads.steps.context import StepContext, prepare

STEPS: dict[State, Callable[[StepContext], None]] = {
    State.COMPARING: compare.run,
    State.SENDING: send.run,
    State.VERIFYING: verify.run,
    State.UNDOING: undo.run,
}


def run(upload: Upload, lease: Lease[Upload]) -> None:
    """Take the upload as far as it goes now: to an end, to a decision, or to a pause that says why."""
    RUNNER.run(upload, lease)
    if upload.state == State.CANCELLED and upload.started_at:
        upload.refresh_from_db(fields=["acting"])  # whoever has cancelled it
        events.record(upload)


def live_credential(upload: Upload) -> Credential | None:
    """The one the upload was started with while it is alive, else the newest live one of whoever pressed the button."""
    return background.live_credential(upload.actor, upload.credential_id, upload.pk)


def _step(upload: Upload, lease: Lease[Upload], credential: Credential) -> None:
    STEPS[State(upload.state)](prepare(upload, lease, credential))


RUNNER = background.SignedInRunner(
    states=NEEDS_SIGN_IN, credential=live_credential, step=_step, refused=events.record_refusal
)
