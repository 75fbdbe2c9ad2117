"""What a person has said is to be done with the wrong values of a file, and the rows that are wrong."""

from typing import Any

from django.db import models

from apps.validation import fixes
from apps.validation.fixes import Fix


def wrong_rows_path(mending: "UploadMending", name: str) -> str:
    """Where the wrong rows are kept."""
    return f"uploads/{mending.upload_id}/wrong-rows.ndjson"


class UploadMending(models.Model):
    """Of one upload, beside it: lists do not read it. The file itself stays as it is: all of this is done anew whenever it is read.

    `fixes` are for groups (`validation.fixes.Fix`), `edits` for single cells: line -> column -> text. `counts` says how many rows
    each fix has changed when the file was last read, `edited` how many cells. `is_offered`: the recipe of an earlier file is still
    to be decided on.
    """

    upload = models.OneToOneField(
        "uploads.Upload", on_delete=models.CASCADE, primary_key=True, related_name="mending"
    )
    fixes = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    counts = models.JSONField(default=list)
    edited = models.PositiveIntegerField(default=0)
    wrong_rows = models.FileField(upload_to=wrong_rows_path, blank=True)

    def __str__(self) -> str:
        return f"Mending of {self.upload_id}"

    @property
    def chosen(self) -> list[Fix]:
        """The fixes."""
        return fixes.from_json(self.fixes)

    @property
    def edits_by_line(self) -> dict[int, dict[str, str]]:
        """The edits, by numbers as the reader counts."""
        return {int(line): dict(cells) for line, cells in self.edits.items()}

    def update_fields(self, **changes: Any) -> None:
        """Save these fields, here and in the database, and no others."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=[*changes])

    def let_go(self) -> int:
        """Remove the rows; how many bytes that were."""
        if not self.wrong_rows:
            return 0
        size = self.wrong_rows.size
        self.wrong_rows.delete(save=False)
        self.update_fields(wrong_rows="")
        return size
