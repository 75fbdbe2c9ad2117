"""Bringing back what a killed worker, a lost wake-up call or an AuroraX in maintenance has left lying."""

import logging

from django.utils import timezone

from apps.uploads import deletions, tasks
from apps.uploads.models import Upload
from apps.uploads.states import State, WrongTransition

logger = logging.getLogger(__name__)


def recover() -> int:
    """Wake a worker for every upload and deletion that should have one and has none; answers how many. Harmless to
    repeat.
    """
    now, woken = timezone.now(), deletions.recover()
    for upload in Upload.objects.abandoned(now):
        Upload.objects.filter(pk=upload.pk, lease_until=upload.lease_until).update(
            lease_until=None, lease_holder=""
        )
        logger.info("Upload %s goes on after its worker was lost", upload.pk)
        tasks.wake(upload)
        woken += 1
    for upload in Upload.objects.due_again(now):
        try:
            _try_again(upload)
        except WrongTransition:
            continue  # somebody has just decided otherwise
        tasks.wake(upload)
        woken += 1
    return woken


def _try_again(upload: Upload) -> None:
    """Out of the pause, or out of the queue of those that are being verified."""
    if upload.state == State.PAUSED:
        upload.move(State.SENDING)
    else:
        upload.keep(retry_at=None)
