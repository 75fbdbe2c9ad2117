"""Putting deleted records back: an upload of the copy that was kept of them."""

import tempfile

from django.core.files.base import File

from apps.accounts.models import Credential, User
from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.activity.reused_identifiers import is_another_source
from apps.aurorax import DataSource, ListedSource
from apps.deletions import events
from apps.deletions.models import Deletion
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.receiving import Origin, receive


def has_copy(deletion: Deletion) -> bool:
    """Whether the copy is still there."""
    return Snapshot.objects.filter(pk=str(deletion.snapshot)).exclude(file="").exists()


def can_restore(deletion: Deletion) -> bool:
    """Whether there is a copy to put back, and nobody is still deleting."""
    return deletion.snapshot is not None and not deletion.is_running and has_copy(deletion)


def belongs_to(deletion: Deletion, source: DataSource | ListedSource) -> bool:
    """Whether this is the data source that the records were deleted from, and not another one that has its identifier now."""
    return not is_another_source(source, deletion.created_at)


def restore(
    *,
    by: User,
    credential: Credential | None,
    source: DataSource,
    deletion: Deletion,
    sends_itself: bool = False,
    note: str = "",
) -> Upload:
    """An upload of the records as they were, checked and compared like any other: it sends nothing before its own button
    is pressed (but for `sends_itself`, where nothing would be replaced), and leaves alone what somebody has put there since
    unless they choose otherwise.

    Raises `NotAllowed` for who may not upload here, and `Snapshot.DoesNotExist` without a copy.
    """
    kind = type_of(deletion.kind)
    snapshot = Snapshot.objects.get(pk=str(deletion.snapshot))
    event = events.of(deletion)
    name = f"{kind.nouns} deleted {snapshot.taken_at:%Y-%m-%d %H:%M} UTC.ndjson.gz"
    with tempfile.TemporaryFile() as copy:
        # Under the names of now: the data source may have been renamed since.
        snapshots.write(copy, (record | source.key for record in snapshots.records_of(snapshot)))
        copy.seek(0)
        return receive(
            by=by,
            credential=credential,
            kind=kind,
            source=source,
            file=File(copy, name),
            origin=Origin(
                note=note, restores=deletion.pk, undoes=event.pk if event else None, sends_itself=sends_itself
            ),
        )
