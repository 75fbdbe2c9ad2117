"""What looks unusual about a file, as its page tells it, but for what somebody has said to be right (`acceptance`)."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from django.urls import reverse

from apps.uploads.models import AcceptedRemark, Upload
from apps.validation.unusual import Remark
from apps.validation.unusual.remark import and_more


class ToldRemark(NamedTuple):
    """A remark on the page; `place` names it there. `is_right`: somebody has said so of this data source."""

    place: int
    kind: str
    text: str
    how_many: int
    rows: str
    is_right: bool
    url: str


def told(upload: Upload) -> list[ToldRemark]:
    """What there is to look at before the file is sent, what is right already at the end."""
    remarks = remarks_of(upload)
    right = _accepted(upload) if remarks else set()
    found = [
        ToldRemark(
            place,
            remark.kind,
            remark.text,
            remark.count,
            _rows(remark, upload.report.row_noun),
            (remark.kind, remark.detail) in right,
            reverse("upload-unusual", args=[upload.pk, place]),
        )
        for place, remark in enumerate(remarks, start=1)
    ]
    return sorted(found, key=lambda remark: remark.is_right)


def is_unusual(upload: Upload) -> bool:
    """Whether there is anything nobody has said to be right."""
    remarks = remarks_of(upload)
    return bool(remarks) and bool({(each.kind, each.detail) for each in remarks} - _accepted(upload))


def remarks_of(upload: Upload) -> Sequence[Remark]:
    """All of them, in their places."""
    return msgspec.convert(upload.report.unusual, list[Remark])


def _accepted(upload: Upload) -> set[tuple[str, str]]:
    return {*AcceptedRemark.objects.filter(**of_source(upload)).values_list("kind", "detail")}


def of_source(upload: Upload) -> dict[str, object]:
    """What names the data source and the type of its records."""
    return {
        "api_url": upload.api_url,
        "source_identifier": upload.source_identifier,
        "record_kind": upload.kind,
    }


def _rows(remark: Remark, noun: str) -> str:
    """In words: `Lines 5, 6, 7 and 120 more`."""
    if not remark.rows:
        return ""
    nouns = f"{noun.capitalize()}{'' if len(remark.rows) == 1 else 's'}"
    rows = [f"{row:,}" for row in remark.rows]
    return f"{nouns} {and_more(rows, remark.count, is_sample=remark.is_sample)}"
