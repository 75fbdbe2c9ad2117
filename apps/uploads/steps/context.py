"""What a worker needs to work on an upload: the person's own access to AuroraX, and the data source as it is now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from django.db.models import Case, When

from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource, errors
from apps.jobs.leases import Lease
from apps.permissions import check
from apps.records.types import RecordType, type_of
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation.row import Record

Answer = TypeVar("Answer")
BACK_OFF = (
    1.0,
    2.0,
    4.0,
    8.0,
)  # seconds before trying again; the client has tried several times by itself before that
LONGEST_WAIT = 60.0  # seconds; who asks for more (`Retry-After`) has the upload paused until then


STATE_CHECK_SECONDS = 0.2  # seconds between two looks at what people have decided meanwhile


class Stopped(Exception):
    """Somebody paused or cancelled the upload: stop at this edge."""


@dataclass(frozen=True)
class StepContext:
    """One worker's work on one upload, under a lease."""

    upload: Upload
    lease: Lease[Upload]
    kind: RecordType
    client: AuroraX
    source: DataSource

    def ensure_state(self, state: State) -> None:
        """A sign of life before each step. Raises `Stopped` when the upload is not in `state` any more."""
        self.lease.renew_after(STATE_CHECK_SECONDS)
        if self.upload.state != state:
            raise Stopped

    def named(self, body: bytes) -> bytes:
        """A JSON array of the upload's records under the names its data source has now: it may have been renamed since."""
        names = self.source.key
        if all(getattr(self.upload, name) == value for name, value in names.items()):
            return body
        return msgspec.json.encode(
            [record | names for record in msgspec.json.decode(body, type=list[Record])]
        )

    def with_retries(self, ask: Callable[[], Answer]) -> Answer:
        """Ask AuroraX, and again with growing pauses while it cannot answer. Raises `errors.AuroraXError`."""
        for pause in BACK_OFF:
            try:
                return ask()
            except errors.TryAgain as error:
                wait = max(pause, error.retry_after or 0)
                if wait > LONGEST_WAIT:
                    raise
                self.lease.rest(wait)
        return ask()


def prepare(upload: Upload, lease: Lease[Upload], credential: Credential) -> StepContext:
    """Open the credential, read the source, ask again whether the person may still do this.

    Raises `errors.AuroraXError` and `NotAllowed`.
    """
    kind = type_of(upload.kind)
    try:
        client = AuroraX(credential.opened(), upload.api_url)
    except UndecryptableSecret as error:
        raise errors.NotSignedIn from error
    source = client.sources.get(upload.source_identifier)
    check(upload.actor, kind.actions.delete if upload.state == State.UNDOING else kind.actions.create, source)
    return StepContext(upload, lease, kind, client, source)


def live_credential(upload: Upload) -> Credential | None:
    """The one the upload was started with while it is alive, else the newest live one of whoever pressed the button."""
    alive = Credential.objects.live().filter(user=upload.actor)
    return alive.order_by(Case(When(pk=upload.credential_id, then=0), default=1), "-used_at").first()
