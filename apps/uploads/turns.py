"""Whose turn it is: one person's many files leave workers for other people."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from apps.uploads.models import Upload
from apps.uploads.models.upload import UploadQuerySet
from apps.uploads.states import RUNNING


def waiting() -> UploadQuerySet:
    """Uploads that need a worker and have none, the longest first; not those that look at AuroraX again later."""
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    return Upload.objects.filter(free, state__in=RUNNING, retry_at=None).order_by("woken_at")


def has_turn(upload: Upload) -> bool:
    """Whether an upload that a worker has taken is among the first of its owner's that are at work. The order is the same
    for all that ask, so that of several that begin at once as many go on as may.
    """
    first = Upload.objects.at_work().filter(owner=upload.owner_id).order_by("created_at", "pk")
    return upload.pk in first.values_list("pk", flat=True)[: settings.UPLOADS_AT_ONCE]


def next_of(upload: Upload) -> Upload | None:
    """The one that has waited longest of the same owner, where one may begin."""
    if upload.waits_its_turn:
        return None
    return waiting().filter(owner=upload.owner_id).exclude(pk=upload.pk).first()


def again(upload: Upload) -> Upload | None:
    """One that had to give way, where those it gave way to have ended by now: they may have seen it at work, and asked for
    nobody.
    """
    return None if upload.waits_its_turn else upload


def ahead_of(upload: Upload) -> int:
    """How many uploads go before this one, which waits for a worker: those at work, and those that have waited longer. 0
    while a worker is at it, or was asked for this second.
    """
    now = timezone.now()
    if upload.state not in RUNNING or upload.retry_at or (upload.lease_until and upload.lease_until > now):
        return 0
    if (now - upload.woken_at).total_seconds() < 1:
        return 0
    return Upload.objects.at_work().count() + waiting().filter(woken_at__lt=upload.woken_at).count()
