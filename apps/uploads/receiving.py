"""Taking a file in, unless it is too large: then none of it is kept."""

import hashlib
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

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


class SizeLimit(FileUploadHandler):
    """First of `settings.FILE_UPLOAD_HANDLERS`: skips the files of a request that is larger than any file may be. The
    form then says why (`is_too_large`).
    """

    too_large = False

    def handle_raw_input(self, *request: Any, **more: Any) -> None:
        """Called once, before anything is read: with the stream, the headers, and the length of the whole request."""
        self.too_large = request[2] > largest_file() + MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip it, or let the other handlers have it."""
        super().new_file(*args, **kwargs)
        if self.too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Not ours: another handler makes the file."""


def is_too_large(request: HttpRequest) -> bool:
    """Whether `SizeLimit` has skipped the files of this request."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > largest_file() + MEGABYTE


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
    check(by, kind.actions.create, source)
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
