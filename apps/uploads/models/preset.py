"""How files with a certain header were read last time, so that nobody has to say it twice."""

from django.db import models
from django.utils import timezone

from apps.accounts.models import User


class ReadingPreset(models.Model):
    """What a person chose for one kind of file of one data source. `header` stands for the names of its columns."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    source_identifier = models.IntegerField("data source")
    kind = models.CharField(max_length=20)
    header = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    dialect = models.JSONField(default=dict)
    fixes = models.JSONField(default=list)  # of groups of rows: `validation.fixes.Fix`
    only_if_all_valid = models.BooleanField(default=False)
    only_new = models.BooleanField(default=False)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "source_identifier", "kind", "header"), name="one_preset_for_each_header"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} files of {self.owner} for data source {self.source_identifier}"
