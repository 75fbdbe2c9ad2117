"""What the portal knows of data sources beside what AuroraX does, and its looks at all records of one."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.jobs.models import Job, JobQuerySet


class ScanState(models.TextChoices):
    """Where such a look stands."""

    RUNNING = "running", "Looking at all records"
    PAUSED = "paused", "Paused"
    DONE = "done", "All records were looked at"


class SchemaScan(Job):
    """One look at all records of one type, against the schema as it is (`old`) and as it would be (`new`).

    `done` counts the searches that are looked at, of `total`; `found` is a `schema_fit.SchemaFit`.
    """

    transitions = {
        ScanState.RUNNING: frozenset({ScanState.DONE, ScanState.PAUSED}),
        ScanState.PAUSED: frozenset({ScanState.RUNNING}),
        ScanState.DONE: frozenset(),
    }
    running = frozenset({ScanState.RUNNING})
    ended = frozenset({ScanState.DONE})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField()
    fingerprint = models.CharField(max_length=64)  # of both schemas
    old = models.JSONField(default=list)
    new = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=ScanState.choices, default=ScanState.RUNNING)
    resumes_at = models.CharField(max_length=20, default=ScanState.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)

    objects = JobQuerySet["SchemaScan"].as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "look at all records"

    def __str__(self) -> str:
        return f"look at the {self.kind} records of data source {self.source_identifier}"


class RepairNote(models.Model):
    """A data source is in repair until the end of a day (UTC): that it is quiet is no news till then."""

    source_identifier = models.IntegerField("data source", primary_key=True)
    until = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=254)  # a text, as in events: it outlives the person
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"data source {self.source_identifier} until {self.until}"
