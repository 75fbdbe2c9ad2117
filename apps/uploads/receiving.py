"""Taking a file in."""

import hashlib
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.base import File

from apps import readers
from apps.accounts.models import Credential, User
from apps.aurorax import DataSource
from apps.jobs.recovery import wake
from apps.permissions import check
from apps.readers.errors import UnreadableFile
from apps.records.types import RecordType
from apps.uploads import tasks
from apps.uploads.models import Upload
from apps.uploads.states import State

READ_AT_ONCE = 2 * 1024 * 1024  # bytes; a larger file is read in the background
MEGABYTE = 1024 * 1024


def largest_file() -> int:
    """The largest file that is taken, in bytes."""
    return settings.UPLOAD_MAX_MEGABYTES * MEGABYTE


def receive(
    *,
    by: User,
    credential: Credential | None,
    kind: RecordType,
    source: DataSource,
    file: "File[bytes]",
    only_if_all_valid: bool = False,
    restores: UUID | None = None,
) -> Upload:
    """Keep the file and read it: a small one at once, a larger one in the background. `restores`: the deletion it undoes.

    Raises `UnreadableFile` for what cannot be read, and then keeps nothing; `NotAllowed` for who may not upload here.
    """
    check(by, kind.create, source)
    readers.look_at(cast("BinaryIO", file))
    upload = Upload(
        kind=kind.slug,
        source_identifier=source.identifier,
        source_name=source.display_name,
        api_url=settings.AURORAX_API_URL,
        owner=by,
        credential=credential,
        name=(file.name or "")[:250],
        size=file.size,
        sha256=_digest(file),
        only_if_all_valid=only_if_all_valid,
        restores=restores,
        **source.key,
    )
    upload.file.save("", file, save=True)
    if upload.size > READ_AT_ONCE:
        wake(upload)
        return upload
    tasks.read_now(upload, source)
    if upload.state == State.REJECTED:
        message = upload.message
        discard(upload)
        raise UnreadableFile(message)
    return upload


def discard(upload: Upload) -> None:
    """Forget an upload of which nothing was ever sent, and its file."""
    upload.file.delete(save=False)
    if upload.problem_list:
        upload.problem_list.delete(save=False)
    upload.delete()


def _digest(file: "File[bytes]") -> str:
    """The file's SHA-256."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
