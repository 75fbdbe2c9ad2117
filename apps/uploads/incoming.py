"""Files that arrive in pieces: begun with their size and SHA-256, gone on with at an offset, and made an upload at the end.

Beginning the same file again answers the one that is there, and the same file that is being worked on answers its upload: a
program that was killed begins anew, and nothing is there twice.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.aurorax import DataSource
from apps.jobs.leases import Lease
from apps.jobs.retention import Prunable
from apps.permissions import check
from apps.records.types import RecordType
from apps.ui import storage
from apps.uploads import quotas
from apps.uploads.models import IncomingFile, Upload
from apps.uploads.receiving import NoRoom, Origin, QuotaUsedUp, largest_file, receive

FOLDER = "incoming"
MEGABYTE = 1024 * 1024
LARGEST_PIECE = 16 * MEGABYTE
KEPT_FOR = timedelta(days=2)  # after its last byte
TOO_LARGE = "The file is larger than {most:,} MB, the most that this portal takes. Split it, or compress it."


class FileTooLarge(Exception):
    """More than the portal takes of one file; `message` says so."""

    def __init__(self) -> None:
        self.message = TOO_LARGE.format(most=settings.UPLOAD_MAX_MEGABYTES)
        super().__init__(self.message)


class WrongOffset(Exception):
    """The piece does not follow what is here; `offset` is where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class WrongDigest(Exception):
    """What arrived is not the file that was announced, and is forgotten: begin again at 0."""


class BeingMade(Exception):
    """Another request makes the upload of it right now: ask again in a moment."""


def under_way(
    *,
    by: User,
    kind: RecordType,
    source: DataSource,
    sha256: str,
    only_if_all_valid: bool,
    answers: Mapping[str, str] | None = None,
) -> Upload | None:
    """An upload of the same file by the same person that is not over, with these `answers`. What is over is compared anew."""
    found = Upload.objects.unfinished().filter(
        owner=by,
        kind=kind.slug,
        source_identifier=source.identifier,
        sha256=sha256,
        api_url=settings.AURORAX_API_URL,
    )
    for question, answer in (answers or {}).items():
        found = found.filter(**{f"chosen_dialect__answers__{question}": answer})
    return (found.filter(only_if_all_valid=True) if only_if_all_valid else found).first()


def begin(
    *,
    by: User,
    credential: Credential | None,
    kind: RecordType,
    source: DataSource,
    name: str,
    size: int,
    sha256: str,
    only_if_all_valid: bool = False,
    answers: Mapping[str, str] | None = None,
) -> IncomingFile:
    """The file with this content, as far as it is here; `answers` to questions about it that are given before it is read. Raises `NotAllowed`, `FileTooLarge`, `QuotaUsedUp`."""
    check(by, kind.actions.create, source)
    if size > largest_file():
        raise FileTooLarge
    meant = {"kind": kind.slug, "source_identifier": source.identifier, "size": size, "sha256": sha256}
    begun = IncomingFile.objects.filter(
        owner=by, upload=None, only_if_all_valid=only_if_all_valid, **meant
    ).first()
    if begun is not None:
        IncomingFile.objects.filter(pk=begun.pk).update(answers=dict(answers or {}))
        return begun
    coming = IncomingFile.objects.filter(owner=by, upload=None).aggregate(size=Sum("size"))["size"] or 0
    if reason := quotas.why_not(by, size + coming):
        raise QuotaUsedUp(reason)
    return IncomingFile.objects.create(
        owner=by,
        credential=credential,
        name=name[:250],
        only_if_all_valid=only_if_all_valid,
        answers=dict(answers or {}),
        **meant,
    )


def append(*, file: IncomingFile, offset: int, piece: bytes) -> None:
    """Keep the piece that begins at this offset. Raises `WrongOffset` and `NoRoom`: then it is not kept."""
    end = offset + len(piece)
    if offset != file.offset or end > file.size:
        raise WrongOffset(file.offset)
    if not piece:
        return
    with _room():
        stored = default_storage.save(f"{FOLDER}/{file.pk}/{offset}", ContentFile(piece))
    row = IncomingFile.objects.filter(pk=file.pk, offset=offset, upload=None)
    parts = [*file.parts, [stored, len(piece)]]
    if not row.update(offset=end, parts=parts, changed_at=timezone.now()):  # somebody else was quicker
        default_storage.delete(stored)
        file.refresh_from_db()
        raise WrongOffset(file.offset)
    file.offset, file.parts = end, parts


def finish(
    *,
    file: IncomingFile,
    by: User,
    source: DataSource,
    kind: RecordType,
    credential: Credential | None,
) -> Upload:
    """The upload of a file that is here as a whole; asked for again it is the same.

    Raises `WrongOffset`, `WrongDigest`, `BeingMade`, and what `receive` raises.
    """
    if not file.is_whole:
        raise WrongOffset(file.offset)
    lease = Lease(file)
    if not lease.take():
        raise BeingMade
    try:
        file.refresh_from_db()
        return file.upload or _made(file, by, source, kind, credential)
    finally:
        lease.give_back()


def discard(file: IncomingFile) -> None:
    """Forget it and its pieces."""
    _delete_parts(file)
    IncomingFile.objects.filter(pk=file.pk).delete()


def old() -> Iterator[Prunable]:
    """Files nobody goes on with, and those that have become uploads."""
    for file in IncomingFile.objects.filter(
        changed_at__lt=timezone.now() - KEPT_FOR, lease_until=None
    ).iterator():
        yield Prunable(partial(discard, file), sum(size for _, size in file.parts))


def _made(
    file: IncomingFile, by: User, source: DataSource, kind: RecordType, credential: Credential | None
) -> Upload:
    """One that an earlier attempt has made and could not name counts."""
    upload = under_way(
        by=by,
        kind=kind,
        source=source,
        sha256=file.sha256,
        only_if_all_valid=file.only_if_all_valid,
        answers=file.answers,
    )
    if upload is None:
        with _whole(file) as content:
            upload = receive(
                by=by,
                credential=credential,
                kind=kind,
                source=source,
                file=File(content, file.name),
                only_if_all_valid=file.only_if_all_valid,
                origin=Origin(answers=file.answers),
            )
    IncomingFile.objects.filter(pk=file.pk).update(upload=upload, changed_at=timezone.now())
    file.upload = upload
    _delete_parts(file)
    return upload


@contextmanager
def _whole(file: IncomingFile) -> Iterator[IO[bytes]]:
    """All pieces together, in a temporary file. Raises `WrongDigest`."""
    digest = hashlib.sha256()
    with _room(), tempfile.TemporaryFile() as content:
        for name, _ in file.parts:
            with default_storage.open(name) as part:
                for block in part.chunks():
                    digest.update(block)
                    content.write(block)
        if digest.hexdigest() != file.sha256:
            _delete_parts(file)
            IncomingFile.objects.filter(pk=file.pk).update(offset=0, parts=[])
            raise WrongDigest
        content.seek(0)
        yield content


def _delete_parts(file: IncomingFile) -> None:
    """Those too that were written when a process was killed, before it could say so."""
    with suppress(OSError):
        for name in default_storage.listdir(f"{FOLDER}/{file.pk}")[1]:
            default_storage.delete(f"{FOLDER}/{file.pk}/{name}")


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except (NoRoom, QuotaUsedUp):
        raise
    except Exception as error:
        if not storage.is_away(error):
            raise
        raise NoRoom from error
