"""Leases: at most one worker at an upload. What a killed worker held is free again when its lease has run out."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from apps.uploads.models import Upload

SIGNS = 4  # of life during the length of a lease, while waiting


def length() -> timedelta:
    """How long a lease runs without a sign of life."""
    return timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)


class LeaseLost(Exception):
    """Another worker has the upload now, because this one gave no sign of life for too long. It must stop at once."""


class Lease:
    """The right to work on one upload, to be renewed more often than it runs out."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.holder = uuid.uuid4().hex
        self._renewed = 0.0

    def take(self) -> bool:
        """Take the lease if it is free."""
        now = timezone.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return bool(
            Upload.objects.filter(free, pk=self.upload.pk).update(
                lease_holder=self.holder, lease_until=now + length()
            )
        )

    def renew(self) -> None:
        """Give a sign of life, and learn the state the upload is in now. Raises `LeaseLost`."""
        held = Upload.objects.filter(pk=self.upload.pk, lease_holder=self.holder)
        if not held.update(lease_until=timezone.now() + length()):
            raise LeaseLost
        self.upload.refresh_from_db(fields=["state"])
        self._renewed = time.monotonic()

    def renew_after(self, seconds: float) -> bool:
        """`renew`, unless that was done within the last `seconds`; whether it was done now."""
        is_due = time.monotonic() - self._renewed >= seconds
        if is_due:
            self.renew()
        return is_due

    def rest(self, seconds: float) -> None:
        """Wait, with signs of life."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, length().total_seconds() / SIGNS))
            self.renew()

    def give_back(self) -> None:
        """Let others take it."""
        held = Upload.objects.filter(pk=self.upload.pk, lease_holder=self.holder)
        held.update(lease_holder="", lease_until=None)


@contextmanager
def holding(upload: Upload) -> Iterator[Lease | None]:
    """Hold the lease meanwhile; None when another worker has it, who will do what there is to do."""
    lease = Lease(upload)
    if not lease.take():
        yield None
        return
    try:
        upload.refresh_from_db()
        yield lease
    finally:
        lease.give_back()
