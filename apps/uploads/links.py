"""Where to go from the page of an upload."""

from collections.abc import Iterator

from django.urls import reverse

from apps.records.types import type_of
from apps.ui.links import Link
from apps.uploads import messages
from apps.uploads.models import Upload
from apps.uploads.states import State


def links_of(upload: Upload, *, may_act: bool, is_over: bool) -> list[Link]:
    """For somebody who may decide about it (`may_act`) or only look; `is_over` where nothing more will be sent."""
    return [*_looking(upload, is_over=is_over), *(_acting(upload) if may_act else ())]


def _looking(upload: Upload, *, is_over: bool) -> Iterator[Link]:
    if is_over:
        day = type_of(upload.kind).day_url(upload.source_identifier, upload.first)
        yield Link("Browse that day", day)
        yield Link("Receipt", reverse("upload-receipt-page", args=[upload.pk]))
    if upload.brought_by:
        yield Link("The feed that brought it", reverse("feed-detail", args=[upload.brought_by]))
    if upload.file:
        yield Link("Original file", reverse("upload-file", args=[upload.pk]))
    if is_over and upload.has_copy:
        yield Link("What was there before", reverse("snapshot-download", args=[upload.snapshot]))


def _acting(upload: Upload) -> Iterator[Link]:
    if upload.sent and (label := messages.undo_label(upload)):
        yield Link(label, reverse("upload-undo", args=[upload.pk]))
    is_wrong = upload.with_problems or upload.state == State.REJECTED
    if is_wrong and not upload.is_running:
        address = type_of(upload.kind).url("upload", upload.source_identifier)
        yield Link("Upload a corrected file", address)
