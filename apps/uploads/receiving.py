"""Taking a file in, unless it is too large: then none of it is kept."""

import errno
import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from apps import readers
from apps.accounts.models import Credential, User
from apps.aurorax import DataSource
from apps.jobs.recovery import wake
from apps.permissions import check
from apps.readers.errors import UnreadableFile
from apps.records.types import RecordType
from apps.ui import storage
from apps.uploads import chunks, quotas, tasks
from apps.uploads.models import Upload, UploadMending
from apps.uploads.states import State

logger = logging.getLogger(__name__)
READ_AT_ONCE = 2 * 1024 * 1024  # bytes; a larger file is read in the background
MEGABYTE = 1024 * 1024


def largest_file() -> int:
    """The largest file that is taken, in bytes."""
    return settings.UPLOAD_MAX_MEGABYTES * MEGABYTE


class NoRoom(OSError):
    """The file cannot be kept now, and nothing of it is. `message` says so."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, storage.NO_ROOM)
        self.message = storage.NO_ROOM


class QuotaUsedUp(Exception):
    """Somebody has as much here as one person may have; nothing of the file is kept. `message` says so."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


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


class TemporaryFiles(TemporaryFileUploadHandler):
    """Django's, and the form is told where the disk has no room for a file while it arrives (`has_no_room`)."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        with self._telling():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Go on with it."""
        with self._telling():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        """End it."""
        with self._telling():
            return super().file_complete(file_size)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            logger.warning("No room for a file that arrives", exc_info=True)
            self.request.has_no_room = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False) from error


def has_no_room(request: HttpRequest) -> bool:
    """Whether `TemporaryFiles` could not keep the files of this request."""
    return getattr(request, "has_no_room", False)


def is_too_large(request: HttpRequest) -> bool:
    """Whether `SizeLimit` has skipped the files of this request."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > largest_file() + MEGABYTE


@dataclass(frozen=True)
class Origin:
    """Why there is an upload: what somebody noted, and what it takes back."""

    note: str = ""
    restores: UUID | None = None  # the deletion whose copy it is
    undoes: UUID | None = None  # the event
    brought_by: UUID | None = None  # the feed
    sends_itself: bool = False
    may_replace: bool = False  # by itself, and no more than `sends_at_most` records
    sends_at_most: int | None = None
    read_like: Upload | None = None  # as this one was: by what was chosen for it
    answers: Mapping[str, str] = field(default_factory=dict)  # given together with the file

    def fields(self) -> dict[str, Any]:
        """Those of the upload."""
        chosen = self.read_like
        reading: dict[str, Any] = {}
        if chosen:
            reading = {"chosen_dialect": chosen.chosen_dialect, "mapping": chosen.mapping}
        elif self.answers:
            reading = {"chosen_dialect": {"answers": dict(self.answers)}}
        return reading | {
            "note": self.note,
            "restores": self.restores,
            "undoes": self.undoes,
            "brought_by": self.brought_by,
            "sends_itself": self.sends_itself,
            "may_replace": self.may_replace,
            "sends_at_most": self.sends_at_most,
        }


def receive(
    *,
    by: User,
    credential: Credential | None,
    kind: RecordType,
    source: DataSource,
    file: "File[bytes]",
    only_if_all_valid: bool = False,
    origin: Origin | None = None,
) -> Upload:
    """Keep the file and read it: a small one at once, a larger one in the background. `origin`: where it comes from, unless
    somebody chose it.

    Raises `UnreadableFile` for what cannot be read, `QuotaUsedUp`, and `NoRoom` while storage is away: then nothing is kept;
    `NotAllowed` for who may not upload here.
    """
    check(by, kind.actions.create, source)
    if reason := quotas.why_not(by, file.size):
        raise QuotaUsedUp(reason)
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
        stored=file.size,
        sha256=_digest(file),
        only_if_all_valid=only_if_all_valid,
        **source.key,
        **(origin or Origin()).fields(),
    )
    with _nothing_stays(upload):
        upload.file.save("", file, save=True)
    if upload.size > READ_AT_ONCE:
        wake(upload)
        return upload
    with _nothing_stays(upload):
        tasks.read_now(upload, source)
    if upload.state == State.REJECTED:
        message = upload.message
        discard(upload)
        raise UnreadableFile(message)
    return upload


@contextmanager
def _nothing_stays(upload: Upload) -> Iterator[None]:
    """Raises `NoRoom`, with nothing of the upload kept, where storage fails meanwhile."""
    try:
        yield
    except Exception as error:
        if not storage.is_away(error):
            raise
        logger.warning("No room for upload %s", upload.pk, exc_info=True)
        with suppress(OSError):
            discard(upload)
        raise NoRoom from error


def discard(upload: Upload) -> None:
    """Forget an upload of which nothing was ever sent, and its files."""
    if not upload._state.adding:  # noqa: SLF001 - Django documents it
        chunks.clear(upload)
        for mending in UploadMending.objects.filter(upload=upload):
            mending.let_go()
    for file in (upload.problem_list, upload.file):
        if file:
            file.delete(save=False)
    Upload.objects.filter(pk=upload.pk).delete()


def _digest(file: "File[bytes]") -> str:
    """The file's SHA-256."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
