"""Putting deleted records back: an upload of the copy that was kept of them."""

from django.core.files.base import File

from apps.accounts.models import Credential, User
from apps.activity.models import Snapshot
from apps.aurorax import DataSource
from apps.uploads.kinds import kind_of
from apps.uploads.models import Deletion, Upload
from apps.uploads.receiving import receive


def can_restore(deletion: Deletion) -> bool:
    """Whether there is a copy to put back, and nobody is still deleting."""
    return deletion.snapshot is not None and not deletion.is_working


def restore(*, by: User, credential: Credential | None, source: DataSource, deletion: Deletion) -> Upload:
    """An upload of the records as they were, checked and compared like any other: it sends nothing before its own button
    is pressed. Raises `NotAllowed` for who may not upload here, and `Snapshot.DoesNotExist` without a copy.
    """
    kind = kind_of(deletion.kind)
    snapshot = Snapshot.objects.get(pk=str(deletion.snapshot))
    with snapshot.file.open("rb") as copy:
        name = f"{kind.nouns} deleted {snapshot.taken_at:%Y-%m-%d %H:%M} UTC.ndjson.gz"
        return receive(by=by, credential=credential, kind=kind, source=source, file=File(copy, name))
