"""Hand-overs: one run over several data sources, with what is meant and what came of it for each."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from apps.jobs.models import Job, JobQuerySet


class HandoverState(models.TextChoices):
    """Where a hand-over stands."""

    RUNNING = "running", "Being handed over"
    PAUSED = "paused", "Paused"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


S = HandoverState
TRANSITIONS: dict[HandoverState, frozenset[HandoverState]] = {
    S.RUNNING: frozenset({S.DONE, S.PAUSED, S.CANCELLED}),
    S.PAUSED: frozenset({S.RUNNING, S.CANCELLED}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}


class Handover(Job):
    """Data sources that get another owner.

    `event` is the one event about all of it, which is there before the first write and finished after the last.
    """

    transitions = TRANSITIONS
    running = frozenset({S.RUNNING})
    ended = frozenset({S.DONE, S.CANCELLED})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="handovers")
    new_owner = models.CharField(max_length=254)
    note = models.TextField(blank=True)
    event = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=HandoverState.choices, default=HandoverState.RUNNING)
    resumes_at = models.CharField(max_length=20, default=HandoverState.RUNNING)

    objects = JobQuerySet["Handover"].as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "hand-over"

    def __str__(self) -> str:
        return f"hand-over to {self.new_owner} ({self.get_state_display()})"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in self.ended


class ItemState(models.TextChoices):
    """What became of one data source."""

    WAITING = "waiting", "to come"
    DONE = "done", "handed over"
    UNCHANGED = "unchanged", "was so already"
    CHANGED = "changed", "left alone"
    REFUSED = "refused", "refused"
    UNCONFIRMED = "unconfirmed", "not confirmed"
    NOT_DONE = "not done", "not done"


class HandoverItem(models.Model):
    """One data source of a hand-over.

    `before` and `after` hold `owner` and `maintainers` as AuroraX had them; `before` is first what the person was shown, then
    what was there right before the write. `add` and `remove` are entries of its maintainers, which change as a set: everybody
    else stays. `event` is that of the write.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    source_identifier = models.IntegerField()
    source_name = models.CharField(max_length=250)
    owner = models.CharField(max_length=254)  # that it gets
    add = models.JSONField(default=list)
    remove = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(null=True)
    state = models.CharField(max_length=20, choices=ItemState.choices, default=ItemState.WAITING)
    message = models.TextField(blank=True)
    event = models.UUIDField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("handover", "source_identifier"), name="source_once_a_handover"),
        )

    def __str__(self) -> str:
        return f"{self.source_name} to {self.owner}: {self.get_state_display()}"

    @property
    def is_success(self) -> bool:
        """Whether AuroraX was read to hold what is wanted."""
        return self.state in (ItemState.DONE, ItemState.UNCHANGED)

    def settle(self, state: ItemState, message: str = "", **changes: Any) -> None:
        """Write down what became of it."""
        self.state, self.message = state, message
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "message", *changes])
