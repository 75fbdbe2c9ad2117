"""What the portal knows of data sources beside what AuroraX does."""

from django.db import models
from django.utils import timezone


class RepairNote(models.Model):
    """A data source is in repair until the end of a day (UTC): that it is quiet is no news till then."""

    source_identifier = models.IntegerField("data source", primary_key=True)
    until = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=254)  # a text, as in events: it outlives the person
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"data source {self.source_identifier} until {self.until}"
