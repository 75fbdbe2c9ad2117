"""Rows of the task queue that tell of tasks which are over."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from apps.jobs.retention import Prunable

KEPT = timedelta(days=7)


def finished_tasks() -> Iterator[Prunable]:
    """Those in the database; Redis forgets its own."""
    if settings.TASK_QUEUE == "rq":
        return
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - not installed with TASK_QUEUE=rq

    finished = DBTaskResult.objects.filter(finished_at__lt=timezone.now() - KEPT)
    if count := finished.count():
        yield Prunable(finished.delete, count=count)
