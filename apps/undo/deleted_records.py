"""The records that were deleted of a data source before it was deleted itself, to come back with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from apps.accounts.background import live_credential
from apps.accounts.models import User
from apps.activity.causes import Cause
from apps.activity.models import Event
from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.deletions.restore import has_copy, restore
from apps.records.types import type_of
from apps.ui.links import Link
from apps.undo.plans import Standing, UndoPart
from apps.uploads.models import Upload
from apps.uploads.models.chunk import IN_AURORAX


@dataclass(frozen=True)
class DeletedRecords:
    """One deletion of records; `is_proposed` where nothing was uploaded between it and the deletion of the data source."""

    deletion: Deletion
    is_proposed: bool

    @classmethod
    def of(cls, event: Event) -> list["DeletedRecords"]:
        """The deletions that came before the deletion of their data source and of which a copy is still kept, oldest first."""
        identifier, at = event.source_identifier or 0, event.at
        last_upload = _last_upload(identifier, at)
        found = Deletion.objects.filter(
            Q(state=DeletionState.DONE) | Q(state=DeletionState.CANCELLED, deleted__gt=0),
            source_identifier=identifier,
            ended_at__lte=at,
        ).exclude(snapshot=None)
        return [
            cls(deletion, last_upload is None or deletion.created_at > last_upload)
            for deletion in found.order_by("created_at")
            if has_copy(deletion)
        ]

    def part(self, name: str) -> UndoPart:
        """As the page asks about it."""
        deletion, kind = self.deletion, type_of(self.deletion.kind)
        what = f"{deletion.count_deleted:,} {kind.noun if deletion.count_deleted == 1 else kind.nouns}"
        when = f"deleted by {deletion.user.email} at {deletion.ended_at:%Y-%m-%d %H:%M} UTC"
        standing = Standing.OURS if self.is_proposed else Standing.THEIRS
        return UndoPart(name, what, when, "", standing)

    def restore(self, *, by: User, source: DataSource, cause: Cause) -> Link:
        """An upload of the copy that sends itself: nothing can be there yet that it would replace."""
        upload = restore(
            by=by,
            credential=live_credential(by),
            source=source,
            deletion=self.deletion,
            sends_itself=True,
            note=cause.note,
        )
        return Link(f"{self.part('').label} come back", reverse("upload-detail", args=[upload.pk]))


def _last_upload(identifier: int, before: datetime) -> datetime | None:
    """When the last upload ended that has brought records to this data source by then."""
    uploads = Upload.objects.filter(
        source_identifier=identifier, ended_at__lte=before, chunks__state__in=IN_AURORAX
    )
    return uploads.order_by("-ended_at").values_list("ended_at", flat=True).first()
