"""What a worker needs to work on a deletion: the person's own access to AuroraX, and the data source as it is now."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from apps.accounts.background import ensure_live, open_credential
from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource
from apps.deletions.models import Deletion
from apps.deletions.scope import scope_of
from apps.jobs import leases
from apps.jobs.leases import Lease, Stopped
from apps.jobs.prefetch import batched
from apps.permissions import check
from apps.records.types import RecordRow, RecordType, type_of
from apps.records.windows import read_windows

BATCH = 500  # records between two signs of life


@dataclass(frozen=True)
class DeletionContext:
    """One worker's work on one deletion, under a lease."""

    deletion: Deletion
    lease: Lease[Deletion]
    kind: RecordType
    client: AuroraX
    source: DataSource
    credential: Credential | None = None  # that the client works under

    def ensure_state(self, state: str, progress: int | None = None) -> None:
        """A sign of life, with how many records are read. Raises `Stopped` when the deletion is not in `state` any more,
        and `errors.NotSignedIn` when the sign-in it works under has been ended.
        """
        if self.lease.renew_after(leases.STATE_CHECK_SECONDS):
            ensure_live(self.credential)
            if progress is not None:
                Deletion.objects.filter(pk=self.deletion.pk, state=state).update(progress=progress)
        if self.deletion.state != state:
            raise Stopped

    def records(self) -> Iterator[RecordRow]:
        """What the deletion means, as AuroraX has it now; with signs of life while records come, and while none does."""
        kind, state, scope = self.kind, self.deletion.state, scope_of(self.deletion)
        windows = kind.windows(self.client, self.source, kind.spans_meant(self.client, self.source, scope))
        ensure, number = partial(self.ensure_state, state), 0
        for window in read_windows(kind, self.client, self.source, windows, waiting=ensure):
            for batch in batched((row for row in window if kind.is_meant(row, scope)), BATCH):
                number += len(batch)
                self.ensure_state(state, number)
                yield from batch


def prepare(deletion: Deletion, lease: Lease[Deletion], credential: Credential) -> DeletionContext:
    """Open the credential, read the source, ask again whether the person may still do this.

    Raises `errors.AuroraXError` and `NotAllowed`.
    """
    client = AuroraX(open_credential(credential))
    source = client.sources.get(deletion.source_identifier)
    kind = type_of(deletion.kind)
    check(deletion.user, kind.actions.delete, source)
    return DeletionContext(deletion, lease, kind, client, source, credential)
