"""What looks unusual to the portal, and is right for a data source, as somebody has said."""

from django.db import models
from django.utils import timezone

from apps.accounts.models import User


class AcceptedRemark(models.Model):
    """A remark (`validation.unusual.Remark`) that is not made again for files of this type to this data source."""

    api_url = models.CharField(max_length=200)
    source_identifier = models.IntegerField("data source")
    record_kind = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    detail = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("api_url", "source_identifier", "record_kind", "kind", "detail"),
                name="one_acceptance_for_each_remark",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} is right for data source {self.source_identifier}"
