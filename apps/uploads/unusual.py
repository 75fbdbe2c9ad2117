"""What looks unusual about a file, as its page tells it, and "it is right", remembered for the data source."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from django.urls import reverse

from apps.accounts.models import User
from apps.activity.recording import AuditEntry, record
from apps.aurorax import AuroraX
from apps.permissions import check
from apps.records.types import type_of
from apps.uploads import services
from apps.uploads.models import AcceptedRemark, Upload
from apps.validation.unusual import Remark

NOT_SAID = "This is not said of the file any more. Look at what is."


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
    remarks = _remarks(upload)
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
    return any(not remark.is_right for remark in told(upload))


def set_right(*, upload: Upload, by: User, client: AuroraX, place: int, is_right: bool) -> None:
    """Say that what a remark tells is right for this data source, or that it is to be told again.

    Raises `NotAllowed`, `UploadRefused` and `errors.AuroraXError`.
    """
    kind = type_of(upload.kind)
    source = client.sources.get(upload.source_identifier)
    check(by, kind.actions.create, source)
    remarks = _remarks(upload)
    if not 1 <= place <= len(remarks):
        raise services.UploadRefused(NOT_SAID)
    remark = remarks[place - 1]
    named = _of_source(upload) | {"kind": remark.kind, "detail": remark.detail}
    if is_right:
        _, is_new = AcceptedRemark.objects.get_or_create(**named, defaults={"by": by})
    else:
        is_new = bool(AcceptedRemark.objects.filter(**named).delete()[0])
    if is_new:
        words = "is right" if is_right else "is to be told again"
        entry = AuditEntry(
            summary=f"Said that something unusual {words}: {remark.text}",
            source=source,
            after={"kind": remark.kind},
        )
        record(by=by, action=kind.actions.create, entry=entry)


def _remarks(upload: Upload) -> Sequence[Remark]:
    return msgspec.convert(upload.report.unusual, list[Remark])


def _accepted(upload: Upload) -> set[tuple[str, str]]:
    return {*AcceptedRemark.objects.filter(**_of_source(upload)).values_list("kind", "detail")}


def _of_source(upload: Upload) -> dict[str, object]:
    return {
        "api_url": upload.api_url,
        "source_identifier": upload.source_identifier,
        "record_kind": upload.kind,
    }


def _rows(remark: Remark, noun: str) -> str:
    """In words: `Lines 5, 6, 7 and 120 more`."""
    if not remark.rows:
        return ""
    more = remark.count - len(remark.rows)
    nouns = f"{noun.capitalize()}{'' if len(remark.rows) == 1 else 's'}"
    return f"{nouns} {', '.join(f'{row:,}' for row in remark.rows)}" + (
        f" and {more:,} more" if more > 0 else ""
    )
