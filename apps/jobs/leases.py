"""Leases: at most one worker at a job. What a killed worker held is free again when its lease has run out."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.jobs.models import Job, Leased

LeasedT = TypeVar("LeasedT", bound=Leased)
JobT = TypeVar("JobT", bound=Job)
SIGNS = 4  # of life during the length of a lease, while waiting
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds between two looks at what AuroraX has accepted
WORKER_SECONDS = (
    20.0  # seconds that a worker waits for that; then others have their turn before it looks again
)
STATE_CHECK_SECONDS = 0.2  # seconds between two looks at what people have decided meanwhile


def length() -> timedelta:
    """How long a lease runs without a sign of life."""
    return timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)


class LeaseLost(Exception):
    """Another worker has the job now, because this one gave no sign of life for too long. It must stop at once."""


class Stopped(Exception):
    """Somebody has decided otherwise about the job: stop at this edge."""


class RetryLater(Exception):
    """There is nothing to do but to wait: go on in so many seconds, and let the worker do something else meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Lease(Generic[LeasedT]):
    """The right to work on one job (or another row that one at a time works on), to be renewed more often than it runs out."""

    def __init__(self, job: LeasedT) -> None:
        self.job = job
        self.holder = uuid.uuid4().hex
        self._renewed = 0.0

    @property
    def _row(self) -> QuerySet[LeasedT]:
        return type(self.job)._default_manager.filter(pk=self.job.pk)  # noqa: SLF001 - Django documents it

    def take(self) -> bool:
        """Take the lease if it is free."""
        now = timezone.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return bool(self._row.filter(free).update(lease_holder=self.holder, lease_until=now + length()))

    def renew(self) -> None:
        """Give a sign of life, and learn the state a job is in now. Raises `LeaseLost`."""
        held = self._row.filter(lease_holder=self.holder)
        if not held.update(lease_until=timezone.now() + length()):
            raise LeaseLost
        if isinstance(self.job, Job):
            self.job.refresh_from_db(fields=["state"])
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

    def wait_since(self, asked_at: datetime, most: float) -> None:
        """Wait before the next look at what AuroraX was asked for then: longer each time, and `most` seconds at most.

        Raises `RetryLater` where a worker would be held too long.
        """
        waited = (timezone.now() - asked_at).total_seconds()
        seconds = min(max(waited / 2, FIRST_PAUSE), LONGEST_PAUSE, most)
        if waited + seconds > WORKER_SECONDS:
            raise RetryLater(seconds)
        self.rest(seconds)

    def give_back(self) -> None:
        """Let others take it."""
        held = self._row.filter(lease_holder=self.holder)
        held.update(lease_holder="", lease_until=None)


def run_leased(job: JobT | None, run: Callable[[JobT, "Lease[JobT]"], object]) -> None:
    """Do this with the job, unless it is gone, or another worker is at it: what a task does with its wake-up call."""
    if job is None:
        return
    with holding(job) as lease:
        if lease is not None:
            run(job, lease)


@contextmanager
def holding(job: JobT) -> Iterator[Lease[JobT] | None]:
    """Hold the lease meanwhile; None when another worker has it, who will do what there is to do."""
    lease = Lease(job)
    if not lease.take():
        yield None
        return
    try:
        job.refresh_from_db()
        yield lease
    finally:
        lease.give_back()
