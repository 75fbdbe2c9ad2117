"""Notices that are old: nobody looks for them any more."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from apps.jobs.retention import Prunable
from apps.notifications.models import Notice

KEPT_FOR = timedelta(days=90)


def old() -> Iterator[Prunable]:
    """Read or not."""
    found = Notice.objects.filter(made_at__lt=timezone.now() - KEPT_FOR)
    if count := found.count():
        yield Prunable(found.delete, count=count)
