"""What is wrong with the rows of an upload, by cause, and the rows of one cause."""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from django.urls import reverse

from apps.uploads.models import Problem, Upload, UploadMending
from apps.uploads.reader import wrong_rows
from apps.uploads.states import State
from apps.validation import rules
from apps.validation.rules import Severity

SHOWN = 10_000  # rows that are paged through
SEPARATOR = "~"
# What is sent all the same, and may be mended.
MENDABLE = {
    rules.FUTURE.slug,
    rules.EARLY.slug,
    rules.METADATA_VALUE.slug,
    rules.URL_BLANKS.slug,
    rules.SECONDS_CUT.slug,
}


class WrongCause(NamedTuple):
    """All findings of one rule in one column."""

    problem: Problem

    @property
    def key(self) -> str:
        """In addresses."""
        return f"{self.problem.slug}{SEPARATOR}{self.problem.column}"

    @property
    def label(self) -> str:
        """For people."""
        where = f" in {self.problem.column}" if self.problem.column else ""
        return f"{self.problem.rule.message}{where} ({self.problem.count:,})"


def causes_of(upload: Upload) -> list[WrongCause]:
    """Those that can be mended, worst and most frequent first."""
    found = upload.problems.exclude(slug=rules.MENDED.slug)
    return [WrongCause(each) for each in found if each.severity == Severity.PROBLEM or each.slug in MENDABLE]


def chosen(causes: Sequence[WrongCause], key: str) -> WrongCause | None:
    """The one with this key; else the first."""
    return next((each for each in causes if each.key == key), causes[0] if causes else None)


def lines_of(mending: UploadMending | None, cause: WrongCause, most: int = SHOWN) -> list[bytes]:
    """Rows of the cause that can be mended, as they are kept: the first of those with cells that nobody has left out."""
    if mending is None or not mending.wrong_rows:
        return []
    with mending.wrong_rows.open("rb") as file:
        found = wrong_rows.lines_with(file, cause.problem.slug, cause.problem.column)
        return [*islice(filter(wrong_rows.can_be_mended, found), most)]


def address_of(upload: Upload) -> str:
    """Of the page on which they are mended; empty where there are none, or it is too late."""
    if upload.state != State.CHECKED or not upload.file:
        return ""
    is_mended = UploadMending.objects.filter(upload=upload).exclude(fixes=[], edits={}).exists()
    return reverse("upload-mend", args=[upload.pk]) if is_mended or causes_of(upload) else ""
