"""Drafts nobody has come back to."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from apps.drafts.models import Draft
from apps.jobs.retention import Prunable


def old_drafts() -> Iterator[Prunable]:
    """Older than `settings.KEEP_DRAFTS_DAYS`."""
    old = Draft.objects.filter(kept_at__lt=timezone.now() - timedelta(days=settings.KEEP_DRAFTS_DAYS))
    if count := old.count():
        yield Prunable(old.delete, count=count)
