"""What can be done from an event about an upload: open it, its receipt, undo it, or send its file again."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.activity.models import Event
from apps.activity.offers import Offer, Offers, Onlooker
from apps.records.types import type_of
from apps.uploads import messages
from apps.uploads.models import Upload
from apps.uploads.services import may_act


def upload_offers(events: Sequence[Event], onlooker: Onlooker) -> Offers:
    """For `activity.offers`. Only to those who may see the upload's page."""
    asked = [event.concerns for event in events if event.concerns]
    uploads = Upload.objects.filter(pk__in=asked).select_related("owner").in_bulk() if asked else {}
    return {
        event.pk: list(_offers(event, uploads[event.concerns], onlooker))
        for event in events
        if event.concerns in uploads and _sees(uploads[event.concerns], onlooker)
    }


def _offers(event: Event, upload: Upload, onlooker: Onlooker) -> Iterator[Offer]:
    yield Offer("Upload", reverse("upload-detail", args=[upload.pk]))
    if upload.started_at:
        yield Offer("Receipt", reverse("upload-receipt-page", args=[upload.pk]))
    if event.pk in onlooker.undone or not _may_act(upload, onlooker):
        return
    if _is_of_undo(event):
        if can_send_again(upload):
            yield Offer("Send again", reverse("upload-again", args=[upload.pk]), {})
    elif upload.sent and (label := messages.undo_label(upload)):
        yield Offer(label.removesuffix(" this upload"), reverse("upload-undo", args=[upload.pk]))


def can_send_again(upload: Upload) -> bool:
    """Whether the file is still kept, and is not in AuroraX as far as the portal knows."""
    return bool(upload.file) and upload.is_undone


def _is_of_undo(event: Event) -> bool:
    return bool(event.record_kind) and event.action == type_of(event.record_kind).actions.delete


def _may_act(upload: Upload, onlooker: Onlooker) -> bool:
    if may_act(onlooker.person, upload):
        return True
    actions = type_of(upload.kind).actions
    is_owner = onlooker.person.email_is_proved and upload.started_at is not None
    return (
        is_owner
        and onlooker.owns(upload.source_identifier)
        and onlooker.may(actions.delete, upload.source_identifier)
    )


def _sees(upload: Upload, onlooker: Onlooker) -> bool:
    person = onlooker.person
    if upload.owner_id == person.pk or person.is_administrator:
        return True
    return person.email_is_proved and onlooker.may(
        type_of(upload.kind).actions.create, upload.source_identifier
    )
