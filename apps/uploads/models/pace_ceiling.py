"""How much an AuroraX has taken at once, and no more: learned by one worker, kept for all of them."""

from datetime import date

from django.db import models
from django.utils import timezone


def today() -> date:
    """The day in UTC."""
    return timezone.now().date()


class PaceCeiling(models.Model):
    """What one AuroraX has asked not to be exceeded: for the day, because what is too much today need not be tomorrow."""

    host = models.CharField(max_length=200, unique=True)  # scheme, host and port
    day = models.DateField()
    records = models.PositiveIntegerField()  # of a request
    connections = models.PositiveIntegerField()  # at once

    def __str__(self) -> str:
        return f"{self.host} on {self.day}: {self.connections} x {self.records}"

    @classmethod
    def of(cls, host: str) -> "PaceCeiling | None":
        """Today's, if anything was learned today."""
        return cls.objects.filter(host=host, day=today()).first()

    @classmethod
    def lower(cls, host: str, *, records: int, connections: int) -> None:
        """Keep it; what another worker has learned today stays where that is less."""
        before = cls.of(host)
        if before:
            records, connections = min(records, before.records), min(connections, before.connections)
        kept = {"day": today(), "records": records, "connections": connections}
        cls.objects.update_or_create(host=host, defaults=kept)
