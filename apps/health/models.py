"""Looks at the records that AuroraX holds of a data source."""

import uuid

from django.conf import settings
from django.db import models

from apps.jobs.models import Job, JobQuerySet


class CheckState(models.TextChoices):
    """Where such a look stands."""

    RUNNING = "running", "Looking at the records"
    PAUSED = "paused", "Paused"
    DONE = "done", "Looked at"


class HealthCheck(Job):
    """One look at the records of a data source from the day `first` to the day `last` (UTC).

    `done` counts the searches that were made, of `total`. `found`: record type -> how many `records`, and what is unusual about
    them (`remarks`: `validation.unusual.Remark`). Who begins again after a crash begins from the start: nothing is written.
    """

    transitions = {
        CheckState.RUNNING: frozenset({CheckState.DONE, CheckState.PAUSED}),
        CheckState.PAUSED: frozenset({CheckState.RUNNING}),
        CheckState.DONE: frozenset(),
    }
    running = frozenset({CheckState.RUNNING})
    ended = frozenset({CheckState.DONE})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    api_url = models.CharField(max_length=200)
    source_identifier = models.IntegerField("data source")
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=20, choices=CheckState.choices, default=CheckState.RUNNING)
    resumes_at = models.CharField(max_length=20, default=CheckState.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)

    objects = JobQuerySet["HealthCheck"].as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("source_identifier", "-created_at")),)

    def __str__(self) -> str:
        return f"health of data source {self.source_identifier} from {self.first} to {self.last}"
