"""What is kept of uploads that are over: the file for a while, what undo needs for longer, the ledger packed."""

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from apps.jobs.leases import STATE_CHECK_SECONDS, Lease, holding
from apps.jobs.retention import SETTLED_AFTER, Prunable
from apps.uploads.models import Chunk, Upload, UploadMending
from apps.uploads.models.chunk import ChunkState
from apps.uploads.models.upload import UploadQuerySet
from apps.uploads.states import ENDED, State

FOLDER = "uploads"
NEVER_SENT = Q(state__in=(State.NEEDS_COLUMNS, State.CHECKED)) | Q(state=State.PAUSED, started_at=None)
UNDECIDED = "Nobody has decided about this file for {days} days, so it was let go. Nothing of it was sent."


def copies_named() -> Iterator[UUID]:
    """The copies that uploads tell of."""
    for name in ("snapshot", "undo_copy"):
        yield from Upload.objects.exclude(**{name: None}).values_list(name, flat=True).iterator()


def copies_at_work() -> Iterator[UUID]:
    """Those of uploads that are not over, or can still be undone."""
    undoable = Upload.objects.filter(let_go_at=None).exclude(snapshot=None)
    return undoable.values_list("snapshot", flat=True).iterator()  # type: ignore[return-value]


def undecided() -> Iterator[Prunable]:
    """Files that wait for a decision which nobody takes: they count as cancelled, and go as those do."""
    for upload in _before(settings.KEEP_FILES_DAYS, Upload.objects.filter(NEVER_SENT), "woken_at"):
        message = UNDECIDED.format(days=settings.KEEP_FILES_DAYS)
        yield Prunable(partial(upload.transition, State.CANCELLED, message=message))


def old_files() -> Iterator[Prunable]:
    """The files themselves, and the lists of their problems. What was read of them stays."""
    over = Upload.objects.filter(state__in=ENDED).exclude(file="", problem_list="")
    for upload in _before(settings.KEEP_FILES_DAYS, over, "ended_at"):
        yield Prunable(partial(_while_over, _let_go_of_file, upload), upload.size if upload.file else 0)


def unpacked() -> Iterator[Prunable]:
    """Chunks of uploads that are over. Packed they are read like the others: for undo, and to be checked again."""
    over = Upload.objects.filter(state__in=ENDED, packed_at=None, let_go_at=None, lease_until=None)
    for upload in over.order_by("ended_at").iterator():
        yield Prunable(partial(_while_over, _pack, upload))


def old_chunks() -> Iterator[Prunable]:
    """Chunks that undo would have needed. Those that AuroraX has refused stay in the ledger, without their bodies."""
    over = Upload.objects.filter(state__in=ENDED, let_go_at=None, lease_until=None)
    for upload in _before(settings.KEEP_COPIES_DAYS, over, "ended_at"):
        yield Prunable(partial(_while_over, _let_go_of_chunks, upload), upload.stored)


def files_of_no_upload() -> Iterator[Prunable]:
    """What was written when a process was killed, before it could say so."""
    if not default_storage.exists(FOLDER):
        return
    known = {str(each) for each in Upload.objects.values_list("pk", flat=True).iterator()}
    settled = timezone.now() - timedelta(seconds=SETTLED_AFTER)
    for folder in default_storage.listdir(FOLDER)[0]:
        if folder in known:
            continue
        for name in _files(f"{FOLDER}/{folder}"):
            if default_storage.get_modified_time(name) < settled:
                yield Prunable(partial(default_storage.delete, name), default_storage.size(name))


def _before(days: int, uploads: UploadQuerySet, moment: str) -> Iterator[Upload]:
    """Those whose moment lies so many days back, and that nobody is at."""
    back = timezone.now() - timedelta(days=days)
    return uploads.filter(**{f"{moment}__lt": back, "lease_until": None}).order_by(moment).iterator()


def _while_over(change: Callable[[Upload, Lease[Upload]], None], upload: Upload) -> None:
    """Do it where nobody has begun to undo the upload meanwhile, and none of the workers is at it."""
    with holding(upload) as lease:
        if lease is not None and upload.state in ENDED:
            change(upload, lease)


def _let_go_of_file(upload: Upload, lease: Lease[Upload]) -> None:
    gone = upload.size if upload.file else 0
    for file in (upload.file, upload.problem_list):
        if file:
            file.delete(save=False)
    for mending in UploadMending.objects.filter(upload=upload):
        mending.let_go()
    upload.update_fields(file="", problem_list="", stored=max(upload.stored - gone, 0))


def _pack(upload: Upload, lease: Lease[Upload]) -> None:
    """The bodies of its chunks, each to a file beside it that then takes its place. Harmless to break off."""
    size = upload.size if upload.file else 0
    for chunk in upload.chunks.all():
        lease.renew_after(STATE_CHECK_SECONDS)
        size += sum(_packed(chunk, name) for name in ("body", "full") if getattr(chunk, name))
    upload.update_fields(packed_at=timezone.now(), stored=size)


def _packed(chunk: Chunk, name: str) -> int:
    """Its size when packed. The old file goes when the ledger names the new one."""
    file: FieldFile = getattr(chunk, name)
    if file.name and file.name.endswith(".gz"):
        return int(file.size)
    with file.open("rb") as plain:
        packed = gzip.compress(plain.read(), compresslevel=1, mtime=0)
    old, storage = str(file.name), file.storage
    file.name = storage.save(f"{old}.gz", ContentFile(packed))
    Chunk.objects.filter(pk=chunk.pk).update(**{name: file.name})
    storage.delete(old)
    return len(packed)


def _let_go_of_chunks(upload: Upload, lease: Lease[Upload]) -> None:
    for chunk in upload.chunks.all():
        lease.renew_after(STATE_CHECK_SECONDS)
        for file in (chunk.body, chunk.full):
            if file:
                file.delete(save=False)
    upload.chunks.exclude(state=ChunkState.REFUSED).delete()
    upload.chunks.update(body="", full="")
    upload.update_fields(let_go_at=timezone.now(), stored=upload.size if upload.file else 0)


def _files(folder: str) -> Iterator[str]:
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{file}" for file in files)
    for each in folders:
        yield from _files(f"{folder}/{each}")
