"""What every kind of background work has in common."""

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """Work that a worker does under a lease. `lease_until` and `lease_holder` say who is at it and for how long, `woken_at`
    when a worker was last asked for.
    """

    lease_holder = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class RecoveryRun(models.Model):
    """When lost work of one kind was last looked for, by whichever worker, and how often that failed in all."""

    kind = models.CharField(max_length=40, primary_key=True)  # label of the app
    ended_at = models.DateTimeField(null=True)  # without a failure
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"recovery of {self.kind}"
