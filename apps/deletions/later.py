"""Deletions that came after an upload was read back, where its records are."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from apps.deletions.models import Deletion, DeletionState
from apps.records.types import type_of
from apps.uploads.later_writes import Later, at
from apps.uploads.models import Upload


def later_deletions(upload: Upload, since: datetime) -> Iterator[Later]:
    """Those that were not over by then. For `uploads.later_writes`."""
    deletions = Deletion.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=since),
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        snapshot__isnull=False,
    ).exclude(state=DeletionState.CANCELLED, deleted=0)
    kind = type_of(upload.kind)
    if kind.key_is_time:
        deletions = deletions.filter(start__lte=upload.last, end__gte=upload.first)
    for deletion in deletions.select_related("user"):
        count = deletion.count_deleted if deletion.is_over else deletion.count
        what = f"{count:,} {kind.nouns} were deleted by {deletion.user.email}"
        address = kind.url("deletion", deletion.source_identifier, deletion.pk)
        yield Later(f"{what}{at(deletion.ended_at)}.", address)
