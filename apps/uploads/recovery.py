"""Bringing back what a killed worker, a lost wake-up call or an AuroraX in maintenance has left lying."""

import logging

from django.utils import timezone

from apps.uploads import tasks, turns
from apps.uploads.models import Upload
from apps.uploads.models.upload import UploadQuerySet
from apps.uploads.states import State, WrongTransition

logger = logging.getLogger(__name__)


def recover(uploads: UploadQuerySet | None = None) -> int:
    """Wake a worker for every upload (or every one of these) that should have one and has none; answers how many.

    Harmless to repeat, and done by every worker every few seconds.
    """
    now, woken = timezone.now(), 0
    among = Upload.objects.all() if uploads is None else uploads
    for upload in among.abandoned(now):
        if upload.lease_until:
            logger.info("Upload %s goes on after its worker was lost", upload.pk)
        elif turns.waits_for_turn(upload):
            continue
        lost = Upload.objects.filter(pk=upload.pk, lease_until=upload.lease_until)
        lost.update(lease_until=None, lease_holder="")
        tasks.wake(upload)
        woken += 1
    for upload in among.due_again(now):
        try:
            _try_again(upload)
        except WrongTransition:
            continue  # somebody has just decided otherwise
        tasks.wake(upload)
        woken += 1
    return woken


def look_after(upload: Upload) -> None:
    """The same for an upload somebody is just looking at. Costs nothing while a worker is at it."""
    if upload.is_running and not (upload.lease_until and upload.lease_until > timezone.now()):
        recover(Upload.objects.filter(pk=upload.pk))


def _try_again(upload: Upload) -> None:
    """Out of the pause, or out of the queue of those that are being verified."""
    if upload.state == State.PAUSED:
        upload.resume()
    else:
        upload.update_fields(retry_at=None)
