"""What is told of an upload on its own page and receipt, and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.db import models

OTHERS_LISTED = 1_000  # keys of records that are somebody else's


class UploadReport(models.Model):
    """The long part of an upload, in a table of its own: whoever lists uploads does not read it. Made with the upload.

    PostgreSQL keeps no order of an object's names: what has an order is a list, or is sorted where it is shown.
    """

    upload = models.OneToOneField(
        "uploads.Upload", on_delete=models.CASCADE, primary_key=True, related_name="report"
    )
    days = models.JSONField(default=dict)  # day -> valid records
    first_records = models.JSONField(default=list)
    differences = models.JSONField(default=dict)  # of the changed records: `ComparisonSummary.differences`
    others = models.JSONField(
        default=dict
    )  # somebody else's: {"sending" | "verifying": {"count", "listed": [key]}}
    watched = models.JSONField(default=dict)  # `validation.unusual.Watched.summary()`
    row_noun = models.CharField(max_length=20, default="line")  # what the file's rows are counted in
    unusual = models.JSONField(default=list)  # `validation.unusual.Remark`
    read_back = models.JSONField(default=list)  # the first records as AuroraX answers them

    def __str__(self) -> str:
        return f"Report of {self.upload_id}"

    def update_fields(self, **changes: Any) -> None:
        """Save these fields, here and in the database, and no others."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=[*changes])

    def set_others(self, when: str, keys: Sequence[str]) -> None:
        """Keep what was somebody else's when it was sent (`sending`) or read back (`verifying`)."""
        part = {when: {"count": len(keys), "listed": list(keys[:OTHERS_LISTED])}} if keys else {}
        others = {name: found for name, found in self.others.items() if name != when} | part
        if others != self.others:
            self.update_fields(others=others)

    def others_when(self, when: str) -> int:
        """How many records were somebody else's then."""
        return int(self.others.get(when, {}).get("count", 0))

    @property
    def left_to_others(self) -> int:
        """Records that somebody else had changed by the time they were to be sent, sent again or read back."""
        return sum(int(part["count"]) for part in self.others.values())

    @property
    def others_listed(self) -> list[str]:
        """The keys of the first of these."""
        return [key for part in self.others.values() for key in part["listed"]]
