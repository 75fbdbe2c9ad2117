"""Waking workers, and bringing back what a killed worker, a lost wake-up call or an AuroraX in maintenance has left lying."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.db import close_old_connections
from django.db.models import F
from django.utils import timezone
from django_tasks.base import Task

from apps.jobs.models import PAUSED, Job, JobQuerySet, RecoveryRun, WrongTransition
from apps.jobs.queue import enqueue

logger = logging.getLogger(__name__)
_tasks: dict[type[Job], Task[Any, None]] = {}
_chores: list[Callable[[], int]] = []
_unrecorded: Counter[str] = Counter()  # failures by kind that the database did not take


def register(model: type[Job], task: Task[Any, None]) -> None:
    """Have `task` called with the key of each job of this kind that should have a worker; for `AppConfig.ready`.

    It is only a wake-up call: running it twice, late or never must be harmless.
    """
    _tasks[model] = task


def register_chore(chore: Callable[[], int]) -> None:
    """Have `chore` called every few seconds; it answers how many jobs it woke. It must be harmless to repeat.

    Its app's label names it in `/readyz` and `/metrics`.
    """
    if chore not in _chores:
        _chores.append(chore)


def wake(job: Job) -> None:
    """Ask for a worker, now or, while the queue is away, at a later recovery."""
    job.update_fields(woken_at=timezone.now())
    enqueue(_tasks[type(job)], str(job.pk))


def recover_all() -> int:
    """Recover jobs of every kind; answers how many were woken. What goes wrong with one kind is logged and counted, and
    stops neither the others nor the caller.
    """
    return sum(_recover(kind, run) for kind, run in _kinds())


def _kinds() -> Iterator[tuple[str, Callable[[], int]]]:
    """What there is to look after, each by the label of its app."""
    for model in _tasks:
        yield model._meta.app_label, partial(_recover_model, model)  # noqa: SLF001 - Django documents it
    for chore in _chores:
        config = apps.get_containing_app_config(chore.__module__)
        yield config.label if config else chore.__module__, chore


def _recover_model(model: type[Job]) -> int:
    return recover(_jobs(model))


def _recover(kind: str, run: Callable[[], int]) -> int:
    woken = 0
    try:
        woken = run()
    except Exception:
        logger.exception("Lost work of the kind %s could not be looked for; trying again soon", kind)
        _unrecorded[kind] += 1
    try:
        _record(kind, failures=_unrecorded[kind])
    except Exception:
        logger.exception("That lost work of the kind %s was looked for could not be recorded", kind)
        close_old_connections()
    return woken


def _record(kind: str, *, failures: int) -> None:
    """Write down that this kind was looked after, and what failed since that was last written down."""
    now = timezone.now()
    RecoveryRun.objects.get_or_create(kind=kind)
    changes = {"failed_at": now, "failures": F("failures") + failures} if failures else {"ended_at": now}
    RecoveryRun.objects.filter(kind=kind).update(**changes)
    del _unrecorded[kind]


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
