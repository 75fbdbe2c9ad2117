"""Deletions of records: what a range holds, somebody's yes to exactly that, and what became of it."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.jobs.models import Job, JobQuerySet


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
    CANCELLING = "cancelling", "Cancelling: counting what was deleted"
    CANCELLED = "cancelled", "Cancelled"


S = DeletionState
TRANSITIONS: dict[DeletionState, frozenset[DeletionState]] = {
    S.LOOKING: frozenset({S.READY, S.PAUSED, S.CANCELLED}),
    S.READY: frozenset({S.LOOKING, S.SAVING, S.CANCELLED}),
    S.SAVING: frozenset({S.DELETING, S.STOPPED, S.PAUSED, S.CANCELLED}),
    S.DELETING: frozenset({S.CHECKING, S.STOPPED, S.PAUSED, S.CANCELLING}),
    S.CHECKING: frozenset({S.DONE, S.PAUSED}),
    S.PAUSED: frozenset({S.LOOKING, S.SAVING, S.DELETING, S.CHECKING, S.CANCELLING, S.CANCELLED}),
    S.STOPPED: frozenset({S.LOOKING, S.CANCELLED}),
    S.CANCELLING: frozenset({S.CANCELLED, S.PAUSED}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}
LISTED = 1_000  # keys of records that are left alone
RUNNING = frozenset({S.LOOKING, S.SAVING, S.DELETING, S.CHECKING, S.CANCELLING})
READS_BACK = frozenset({S.CHECKING, S.CANCELLING})
ENDED = frozenset({S.DONE, S.CANCELLED})


class Deletion(Job):
    """Records of one data source that somebody means to delete.

    Records go by `start` and `end`, both inclusive, UTC. Where AuroraX deletes by key they go by `chosen_urls`; `start`
    and `end` are then the span they were looked for in. Without, those that lie wholly within the span go, and of those
    that only touch it the ones in `edge_urls`. `survey` is what was found and shown, `fingerprint` stands for exactly
    those records: whatever differs later stops the deletion. `progress` counts the records read in the present step,
    `deleted` those that were gone already or whose deletion AuroraX has accepted; where it was cancelled, those that are gone.
    """

    transitions = TRANSITIONS
    running = RUNNING
    ended = ENDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField(db_index=True)
    source_name = models.CharField(max_length=250)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletions")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )  # `user` is who has decided last
    start = models.DateTimeField()
    end = models.DateTimeField()
    chosen_urls = models.JSONField(default=list)
    edge_urls = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=DeletionState.choices, default=DeletionState.LOOKING)
    resumes_at = models.CharField(max_length=20, choices=DeletionState.choices, blank=True)
    survey = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    snapshot = models.UUIDField(null=True, blank=True)
    note = models.TextField(blank=True)  # why, in the person's words
    left_alone = models.JSONField(
        default=dict
    )  # what has changed since the copy: {"count": …, "listed": [keys]}
    progress = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    reads_back_since = models.DateTimeField(null=True)

    objects = JobQuerySet["Deletion"].as_manager()

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
        """How many of those that were shown are gone, or will be as AuroraX has accepted it."""
        if self.state != DeletionState.DONE:
            return self.deleted
        return self.count - int(self.left_alone.get("shown", 0))

    def begin(self) -> None:
        """Write down that AuroraX is asked from now on. What is gone and what is left alone is counted anew."""
        self.update_fields(left_alone={"count": 0, "shown": 0, "listed": []}, deleted=0)

    def add(self, *, deleted: int, left_alone: Sequence[str], shown: int) -> None:
        """Write down how many more are deleted, and which are left alone, of which so many were shown."""
        left = self.left_alone
        both = {
            "count": left["count"] + len(left_alone),
            "shown": left["shown"] + shown,
            "listed": [*left["listed"], *left_alone][:LISTED],
        }
        self.update_fields(left_alone=both, deleted=self.deleted + deleted)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def step(self) -> DeletionState:
        """The step it is at, also while it is paused."""
        return DeletionState(self.resumes_at if self.state == DeletionState.PAUSED else self.state)

    def transition(self, to: str, **changes: Any) -> None:
        """The same; each step counts its records anew, and has its own time for reading back."""
        changes = {"progress": 0} | changes
        if to in READS_BACK:
            changes["reads_back_since"] = timezone.now()
        super().transition(to, **changes)
