"""The task queue as the machine room sees it: does it answer, and how long do tasks wait?"""

import logging
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Min

logger = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """Tasks that no worker has taken up: how many, and since when the oldest waits."""

    tasks: int
    oldest: datetime | None


def waiting() -> Waiting | None:
    """What waits in the queue; None when the queue does not answer."""
    try:
        return WAYS[settings.TASK_QUEUE]()
    except Exception:
        logger.warning("The task queue does not answer", exc_info=True)
        return None


def _in_database() -> Waiting:
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - not installed with TASK_QUEUE=rq

    ready: Any = DBTaskResult.objects.ready()
    return Waiting(ready.count(), ready.aggregate(oldest=Min("enqueued_at"))["oldest"])


def _in_redis() -> Waiting:
    import django_rq  # noqa: PLC0415 - not installed without TASK_QUEUE=rq

    queue = django_rq.get_queue()
    first = queue.get_jobs(0, 1)
    since = first[0].enqueued_at if first else None
    return Waiting(len(queue), since.replace(tzinfo=UTC) if since else None)


def _none() -> Waiting:
    return Waiting(0, None)


WAYS = {"database": _in_database, "rq": _in_redis, "immediate": _none}
