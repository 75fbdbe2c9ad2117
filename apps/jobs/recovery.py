"""Waking workers, and bringing back what a killed worker, a lost wake-up call or an AuroraX in maintenance has left lying."""

import logging
from typing import Any

from django.utils import timezone
from django_tasks.base import Task

from apps.jobs.models import PAUSED, Job, JobQuerySet, WrongTransition

logger = logging.getLogger(__name__)
_tasks: dict[type[Job], Task[Any, None]] = {}


def register(model: type[Job], task: Task[Any, None]) -> None:
    """Have `task` called with the key of each job of this kind that should have a worker; for `AppConfig.ready`.

    It is only a wake-up call: running it twice, late or never must be harmless.
    """
    _tasks[model] = task


def wake(job: Job) -> None:
    """Ask for a worker."""
    job.update_fields(woken_at=timezone.now())
    _tasks[type(job)].enqueue(str(job.pk))


def recover_all() -> int:
    """Recover jobs of every kind; answers how many were woken."""
    return sum(recover(_jobs(model)) for model in _tasks)


def recover(jobs: JobQuerySet[Any]) -> int:
    """Wake a worker for each of these that should have one and has none; answers how many.

    Harmless to repeat, and done by every worker every few seconds.
    """
    now, woken = timezone.now(), 0
    for job in jobs.abandoned(now):
        if job.lease_until:
            logger.info("%s %s goes on after its worker was lost", type(job).__name__, job.pk)
        elif job.waits_its_turn:
            continue
        _free(job)
        wake(job)
        woken += 1
    for job in jobs.due_again(now):
        woken += _try_again(job)
    return woken


def resume_all(jobs: JobQuerySet[Any]) -> None:
    """Let these go on, as far as they are still paused."""
    for job in jobs:
        _try_again(job)


def look_after(job: Job) -> None:
    """Recover a job somebody is just looking at. Costs nothing while a worker is at it."""
    if job.is_running and not (job.lease_until and job.lease_until > timezone.now()):
        recover(_jobs(type(job)).filter(pk=job.pk))


def _jobs(model: type[Job]) -> JobQuerySet[Any]:
    return JobQuerySet(model)


def _free(job: Job) -> None:
    """End a lease that has run out, unless somebody else has just taken it."""
    _jobs(type(job)).filter(pk=job.pk, lease_until=job.lease_until).update(lease_until=None, lease_holder="")


def _try_again(job: Job) -> bool:
    """Out of the pause, or out of the queue of those that are parked; False when somebody has just decided otherwise."""
    try:
        if job.state == PAUSED:
            job.resume()
        else:
            job.update_fields(retry_at=None)
    except WrongTransition:
        return False
    wake(job)
    return True
