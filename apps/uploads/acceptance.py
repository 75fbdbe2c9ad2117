"""Saying that what looks unusual is right, which is remembered for the data source."""

from apps.accounts.models import User
from apps.activity.recording import AuditEntry, record
from apps.aurorax import AuroraX
from apps.permissions import check
from apps.records.types import type_of
from apps.uploads import services
from apps.uploads.models import AcceptedRemark, Upload
from apps.uploads.unusual import of_source, remarks_of

NOT_SAID = "This is not said of the file any more. Look at what is."


def set_right(*, upload: Upload, by: User, client: AuroraX, place: int, is_right: bool) -> None:
    """Say that what a remark tells is right for this data source, or that it is to be told again.

    Raises `NotAllowed`, `UploadRefused` and `errors.AuroraXError`.
    """
    kind = type_of(upload.kind)
    source = client.sources.get(upload.source_identifier)
    check(by, kind.actions.create, source)
    remarks = remarks_of(upload)
    if not 1 <= place <= len(remarks):
        raise services.UploadRefused(NOT_SAID)
    remark = remarks[place - 1]
    named = of_source(upload) | {"kind": remark.kind, "detail": remark.detail}
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
