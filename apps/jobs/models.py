"""What every kind of background work has in common: its state, and who is at it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

TAKEN_UP_WITHIN = timedelta(seconds=60)  # a wake-up call nobody has answered after this is given again
MOST_RETRIES = 10  # that are counted: waiting grows with them
PAUSED = "paused"  # the state that every kind of job has


class PauseReason(models.TextChoices):
    """Why a job is paused."""

    YOU = "you", "by hand"
    SIGN_IN = "sign-in", "sign-in needed"
    UNAVAILABLE = "unavailable", "AuroraX unavailable"
    STORAGE = "storage", "files cannot be kept just now"
    REFUSED = "refused", "AuroraX refuses it"
    UNCONFIRMED = "unconfirmed", "not confirmed by AuroraX yet"
    FAULT = "fault", "a fault of the portal"


GO_ON_BY_THEMSELVES = (PauseReason.UNAVAILABLE, PauseReason.STORAGE)


# After a job has gone to another state, in the same transaction: `sender` is its class, `job` the job.
moved = Signal()


class WrongTransition(Exception):
    """A job cannot go from the state it is in to the one asked for."""

    def __init__(self, now: str, to: str) -> None:
        super().__init__(f"What is {now} cannot become {to}.")
        self.now, self.to = now, to


class Leased(models.Model):
    """What one process at a time may work on. `lease_until` and `lease_holder` say who does, and for how long."""

    lease_holder = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


JobT = TypeVar("JobT", bound="Job")


class JobQuerySet(models.QuerySet[JobT]):
    """Questions about jobs."""

    def abandoned(self, now: datetime) -> "JobQuerySet[JobT]":
        """Those a worker should be at while none is: its lease ran out, or nobody answered the wake-up call."""
        unanswered = Q(lease_until=None, retry_at=None, woken_at__lt=now - TAKEN_UP_WITHIN)
        return self.filter(Q(lease_until__lt=now) | unanswered, state__in=self.model.running)

    def at_work(self) -> "JobQuerySet[JobT]":
        """Those that a worker is at."""
        return self.filter(lease_until__gt=timezone.now())

    def due_again(self, now: datetime) -> "JobQuerySet[JobT]":
        """Those that are paused until AuroraX or storage is back, or parked, and whose time to look has come."""
        unavailable = Q(state=PAUSED, pause_reason__in=GO_ON_BY_THEMSELVES)
        parked = Q(state__in=self.model.running, lease_until=None)
        return self.filter(unavailable | parked, retry_at__lte=now)

    def waiting_for_sign_in(self) -> "JobQuerySet[JobT]":
        """Those that go on as soon as somebody signs in."""
        return self.filter(state=PAUSED, pause_reason=PauseReason.SIGN_IN)


class Job(Leased):
    """Work that is done step by step, each a state, by a worker under a lease; it can be paused, and goes on by itself
    where nobody has to decide anything.

    `woken_at` is when a worker was last asked for. `retry_at` is when to go on: with a pause, or with what waits for
    AuroraX without holding a worker. Subclasses say which states and transitions there are, in which of them a worker is or should
    be at it (`running`), and which end it.
    """

    transitions: ClassVar[Mapping[Any, frozenset[Any]]]
    running: ClassVar[frozenset[Any]]
    ended: ClassVar[frozenset[Any]]

    state = models.CharField(max_length=20)
    resumes_at = models.CharField(max_length=20)  # from a pause
    pause_reason = models.CharField(max_length=20, choices=PauseReason.choices, blank=True)
    message = models.TextField(blank=True)  # why it is where it is, for people
    woken_at = models.DateTimeField(default=timezone.now)
    retry_at = models.DateTimeField(null=True)
    retries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def transition(self, to: str, **changes: Any) -> None:
        """Go to another state, together with other changes. Raises `WrongTransition`, also when somebody else has just
        moved it: of two who decide at the same time one wins, and the other learns of it. Sends `moved`.
        """
        if to not in self.exits:
            raise WrongTransition(self.state, to)
        fields = {"state": to, "pause_reason": "", "message": "", "retry_at": None} | changes
        if to in self.ended:
            fields["ended_at"] = timezone.now()
        row = type(self)._default_manager.filter(pk=self.pk, state=self.state)  # noqa: SLF001 - Django documents it
        with transaction.atomic():
            is_mine = row.update(**fields)
            if is_mine:
                for name, value in fields.items():
                    setattr(self, name, value)
                moved.send(type(self), job=self)
        if not is_mine:
            self.refresh_from_db()
            raise WrongTransition(self.state, to)

    def pause(
        self, because: PauseReason, message: str = "", *, again_in: timedelta | None = None, **changes: Any
    ) -> None:
        """Stop for now; `resume` goes on with what was being done, and recovery does so after `again_in`.

        Raises `WrongTransition`.
        """
        if again_in is not None:
            changes |= {
                "retry_at": timezone.now() + again_in,
                "retries": min(self.retries + 1, MOST_RETRIES),
            }
        changes |= {"pause_reason": because, "message": message, "resumes_at": self.state_after_pause()}
        self.transition(PAUSED, **changes)

    def state_after_pause(self) -> str:
        """Where to go on if it is paused now."""
        return str(self.state)

    def resume(self, **changes: Any) -> None:
        """Go on where it was paused. Raises `WrongTransition`."""
        if self.state != PAUSED:
            raise WrongTransition(self.state, self.resumes_at)
        self.transition(self.resumes_at, **changes)

    def update_fields(self, **changes: Any) -> None:
        """Save these fields, here and in the database, and no others."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=[*changes])

    @property
    def exits(self) -> frozenset[Any]:
        """The states that it can go to from here."""
        return self.transitions[self.state]

    @property
    def waits_its_turn(self) -> bool:
        """Whether no worker is at it because others go first, so that it is not lost."""
        return False

    @property
    def goes_on_by_itself(self) -> bool:
        """Whether it needs no person now: a worker is at it, or will be when AuroraX or storage is back."""
        return self.is_running or (self.state == PAUSED and self.pause_reason in GO_ON_BY_THEMSELVES)

    @property
    def is_running(self) -> bool:
        """Whether a worker is, or should be, at it."""
        return self.state in self.running


class RecoveryRun(models.Model):
    """When lost work of one kind was last looked for, by whichever worker, and how often that failed in all."""

    kind = models.CharField(max_length=40, primary_key=True)  # label of the app
    ended_at = models.DateTimeField(null=True)  # without a failure
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"recovery of {self.kind}"
