"""Deletions of records: what a range holds, somebody's yes to exactly that, and what became of it."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class WrongTransition(Exception):
    """A deletion cannot go from its state to this one."""


class DeletionState(models.TextChoices):
    """Where a deletion stands."""

    LOOKING = "looking", "Looking at what is there"
    READY = "ready", "Waiting for a decision"
    SAVING = "saving", "Keeping a copy"
    DELETING = "deleting", "Deleting"
    CHECKING = "checking", "Checking that nothing is left"
    DONE = "done", "Deleted and checked"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped: the records have changed"
    CANCELLED = "cancelled", "Cancelled"


S = DeletionState
TRANSITIONS: dict[DeletionState, frozenset[DeletionState]] = {
    S.LOOKING: frozenset({S.READY, S.PAUSED, S.CANCELLED}),
    S.READY: frozenset({S.LOOKING, S.SAVING, S.CANCELLED}),
    S.SAVING: frozenset({S.DELETING, S.STOPPED, S.PAUSED}),
    S.DELETING: frozenset({S.CHECKING, S.STOPPED, S.PAUSED}),
    S.CHECKING: frozenset({S.DONE, S.PAUSED}),
    S.PAUSED: frozenset({S.LOOKING, S.SAVING, S.DELETING, S.CHECKING, S.CANCELLED}),
    S.STOPPED: frozenset({S.LOOKING, S.CANCELLED}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}
LISTED = 1_000  # keys of records that are left alone
WORKING = (S.LOOKING, S.SAVING, S.DELETING, S.CHECKING)


class Deletion(models.Model):
    """Records of one data source that somebody means to delete.

    Records go by `start` and `end`, both inclusive, UTC. Where AuroraX deletes by key they go by `chosen_urls`; `start`
    and `end` are then the span they were looked for in. Without, those that lie wholly within the span go, and of those
    that only touch it the ones in `edge_urls`. `survey` is what was found and shown, `fingerprint` stands for exactly
    those records: whatever differs later stops the deletion.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField(db_index=True)
    source_name = models.CharField(max_length=250)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletions")
    start = models.DateTimeField()
    end = models.DateTimeField()
    chosen_urls = models.JSONField(default=list)
    edge_urls = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=DeletionState.choices, default=DeletionState.LOOKING)
    resumes_at = models.CharField(max_length=20, choices=DeletionState.choices, blank=True)
    message = models.TextField(blank=True)
    survey = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    snapshot = models.UUIDField(null=True, blank=True)
    left_alone = models.JSONField(
        default=dict
    )  # what has changed since the copy: {"count": …, "listed": [keys]}
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state"], name="deletion_state")]

    def __str__(self) -> str:
        return f"deletion of {self.kind} of data source {self.source_identifier} ({self.get_state_display()})"

    @property
    def count(self) -> int:
        """How many records were found and shown."""
        return int(self.survey.get("count", 0))

    @property
    def has_begun(self) -> bool:
        """Whether AuroraX has been asked to delete some of them."""
        return bool(self.left_alone)

    @property
    def count_left_alone(self) -> int:
        """How many records were left alone, because they are not as they were copied."""
        return int(self.left_alone.get("count", 0))

    @property
    def more_left_alone(self) -> int:
        """How many of these are not listed."""
        return self.count_left_alone - len(self.left_alone.get("listed", []))

    @property
    def count_deleted(self) -> int:
        """How many of those that were shown are gone."""
        return self.count - int(self.left_alone.get("shown", 0))

    def begin(self) -> None:
        """Write down that AuroraX is asked from now on. What is left alone is counted anew."""
        self.left_alone = {"count": 0, "shown": 0, "listed": []}
        self.save(update_fields=["left_alone"])

    def leave_alone(self, keys: Sequence[str], *, shown: int) -> None:
        """Write down records that are left alone, of which so many are among those that were shown."""
        left = self.left_alone
        self.left_alone = {
            "count": left["count"] + len(keys),
            "shown": left["shown"] + shown,
            "listed": [*left["listed"], *keys][:LISTED],
        }
        self.save(update_fields=["left_alone"])

    @property
    def is_working(self) -> bool:
        """Whether something is going on without anybody doing anything."""
        return self.state in WORKING

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return not TRANSITIONS[DeletionState(self.state)]

    def transition(self, to: DeletionState, **fields: Any) -> None:
        """Go to another state and save `fields` with it; raises `WrongTransition`.

        The row moves only if it is still where this object thinks it is: of two that try, one wins.
        """
        if to not in TRANSITIONS[DeletionState(self.state)]:
            raise WrongTransition(f"A deletion cannot go from {self.state} to {to}.")
        fields |= {"state": to, "message": fields.get("message", "")}
        if not Deletion.objects.filter(pk=self.pk, state=self.state).update(**fields):
            raise WrongTransition("Somebody else has just moved this deletion on.")
        for name, value in fields.items():
            setattr(self, name, value)

    def pause(self, message: str) -> None:
        """Stop for now, saying why; `resume` goes on where it stood."""
        self.transition(DeletionState.PAUSED, message=message, resumes_at=self.state)

    def resume(self, **fields: Any) -> None:
        """Go on where it was paused; raises `WrongTransition` when it is not paused."""
        if self.state != DeletionState.PAUSED:
            raise WrongTransition("This deletion is not paused.")
        self.transition(DeletionState(self.resumes_at), **fields)
