"""Sending the file of an upload once more, as a new upload: for one that was undone."""

from typing import cast

from django.core.files.base import File

from apps.accounts.models import Credential, User
from apps.activity.models import Event
from apps.activity.reused_identifiers import ANOTHER, is_another_source
from apps.aurorax import AuroraX
from apps.records.types import type_of
from apps.uploads import services
from apps.uploads.models import Upload
from apps.uploads.receiving import Origin, receive


def send_again(*, upload: Upload, by: User, client: AuroraX, credential: Credential | None) -> Upload:
    """A new upload of this person, read as the old one was, which takes back its undoing once it is sent.

    Raises what `receive` raises, `UploadRefused` where the file is let go, and `errors.AuroraXError`.
    """
    services.check_kept(upload)
    source = client.sources.get(upload.source_identifier)
    if is_another_source(source, upload.created_at):
        raise services.UploadRefused(ANOTHER.format(name=source.display_name))
    undoing = Event.objects.filter(about=upload.pk, action=type_of(upload.kind).actions.delete).first()
    origin = Origin(restores=upload.restores, undoes=undoing.pk if undoing else None, read_like=upload)
    with upload.file.open("rb") as kept:
        return receive(
            by=by,
            credential=credential,
            kind=type_of(upload.kind),
            source=source,
            file=cast("File[bytes]", File(kept, upload.name)),
            only_if_all_valid=upload.only_if_all_valid,
            origin=origin,
        )
