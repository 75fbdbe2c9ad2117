"""What a worker needs to work on an upload: the person's own access to AuroraX, and the data source as it is now."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeVar

import msgspec

from apps.accounts.background import ensure_live, open_credential
from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource, errors
from apps.jobs import leases
from apps.jobs.leases import Lease, Stopped
from apps.jobs.prefetch import map_ahead
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


@dataclass(frozen=True)
class StepContext:
    """One worker's work on one upload, under a lease."""

    upload: Upload
    lease: Lease[Upload]
    kind: RecordType
    client: AuroraX
    source: DataSource
    credential: Credential | None = None  # that the client works under

    def ensure_state(self, state: State) -> None:
        """A sign of life before each step. Raises `Stopped` when the upload is not in `state` any more, and
        `errors.NotSignedIn` when the sign-in it works under has been ended.
        """
        if self.lease.renew_after(leases.STATE_CHECK_SECONDS):
            ensure_live(self.credential)
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

    def patiently(self, ask: Callable[[], Answer], state: State) -> Answer:
        """Ask AuroraX, with signs of life however long that takes. Raises `errors.AuroraXError` and `Stopped`."""
        [answer] = map_ahead(lambda _: ask(), [None], 1, waiting=partial(self.ensure_state, state))
        return answer

    def with_retries(self, ask: Callable[[], Answer]) -> Answer:
        """Ask AuroraX, and again with growing pauses while it cannot answer. Raises `errors.AuroraXError`."""
        for failures in count():
            try:
                return ask()
            except errors.TryAgain as error:
                self.rest_after(error, failures)
        raise AssertionError("it is answered or raised")  # pragma: no cover

    def rest_after(self, error: Exception, failures: int) -> None:
        """Rest before AuroraX is asked again, which has failed so often before; raises the error where that is no use."""
        if not isinstance(error, errors.TryAgain) or failures >= len(BACK_OFF):
            raise error
        wait = max(BACK_OFF[failures], error.retry_after or 0)
        if wait > LONGEST_WAIT:
            raise error
        self.lease.rest(wait)


def prepare(upload: Upload, lease: Lease[Upload], credential: Credential) -> StepContext:
    """Open the credential, read the source, ask again whether the person may still do this.

    Raises `errors.AuroraXError` and `NotAllowed`.
    """
    kind = type_of(upload.kind)
    client = AuroraX(open_credential(credential), upload.api_url)
    compares = upload.state == State.COMPARING or (upload.state == State.SENDING and not upload.snapshot)
    source = client.sources.get(upload.source_identifier, include_stats=compares)
    check(upload.actor, kind.actions.delete if upload.state == State.UNDOING else kind.actions.create, source)
    return StepContext(upload, lease, kind, client, source, credential)
