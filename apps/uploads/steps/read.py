"""Reading a file: a process of its own opens and checks it (`uploads.reader`), this one keeps what that finds."""

import io
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, cast

from django.conf import settings

from apps.aurorax import DataSource
from apps.jobs import isolation
from apps.jobs.isolation import ChildEnded, Limits, Reason
from apps.jobs.leases import Lease
from apps.readers import Dialect
from apps.readers.archives import MEGABYTE
from apps.readers.errors import UnreadableFile
from apps.records.types import type_of
from apps.uploads import chunks, presets
from apps.uploads.models import Upload, UploadMending, UploadReport
from apps.uploads.reader.options import ReaderOptions
from apps.uploads.reader.process import read_file
from apps.uploads.states import State
from apps.uploads.steps import pace
from apps.uploads.steps.reading import ReadFiles, Reading, TooLargeForRequest
from apps.uploads.steps.stopped_reader import in_words

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3  # a file whose workers were lost so often is not read by another
# What a request waits for, and how many cells it takes in; a file that needs more is left to a worker.
SECONDS_IN_REQUEST = 2
CELLS_IN_REQUEST = 500_000
TOO_HEAVY = (
    "Reading this file was broken off several times. Split it, or save it as CSV, and upload it again."
)
FAULT = "The portal could not read this file, by a fault of its own. Tell its administrator."


def run(upload: Upload, source: DataSource, lease: Lease[Upload], *, in_request: bool = False) -> bool:
    """Take the upload from received to needs columns, checked or rejected. Begins anew whatever was done before.

    False where that takes longer than a request may, with `in_request`: it is still to be read then.
    """
    upload.transition(State.READING, attempts=upload.attempts + 1)
    forget(upload)
    if upload.attempts > MOST_ATTEMPTS:
        reject(upload, TOO_HEAVY)
        return True
    try:
        _read(upload, source, lease, in_request=in_request)
    except UnreadableFile as refusal:
        presets.record_header(upload, refusal.headers)
        reject(upload, refusal.message)
    except TooLargeForRequest:
        return _left(upload)
    except ChildEnded as ended:
        if in_request and ended.reason is Reason.TIME:
            return _left(upload)
        logger.warning("The reader of upload %s ended: %s", upload.pk, ended)
        reject(upload, FAULT if ended.reason is Reason.ERROR else in_words(upload, ended.reason))
    return True


def reject(upload: Upload, message: str) -> None:
    """Nothing of this file can be sent, for the reason in the sentence."""
    if upload.state == State.RECEIVED:
        upload.transition(State.READING)
    forget(upload)
    upload.transition(State.REJECTED, message=message)


def _read(upload: Upload, source: DataSource, lease: Lease[Upload], *, in_request: bool) -> None:
    """Raises `UnreadableFile`, `ChildEnded`, and `TooLargeForRequest` when more comes out of the file than a request takes in."""
    options = _options(upload, source, most_cells=CELLS_IN_REQUEST if in_request else None)
    seconds = SECONDS_IN_REQUEST if in_request else settings.UPLOAD_READ_SECONDS
    limits = Limits(settings.UPLOAD_READ_MEGABYTES, seconds)
    with (
        _file_of(upload) as file,
        tempfile.TemporaryFile() as listing,
        tempfile.TemporaryFile() as wrong_rows,
    ):
        files = [file.fileno(), listing.fileno(), wrong_rows.fileno()]
        with isolation.start(read_file, files=files, limits=limits, options=options) as child:
            Reading(upload, lease, child, ReadFiles(listing, wrong_rows)).run()


def _options(upload: Upload, source: DataSource, most_cells: int | None) -> ReaderOptions:
    mending = UploadMending.objects.filter(upload=upload).first() or UploadMending()
    return ReaderOptions(
        kind=type_of(upload.kind),
        source=source,
        mapping=upload.mapping,
        dialect=Dialect.from_json(upload.chosen_dialect),
        chunk_records=pace.chunk_records(),
        largest_unpacked=settings.UPLOAD_MAX_UNPACKED_MEGABYTES * MEGABYTE,
        is_recalled=upload.recalled_from is not None,
        is_recallable=presets.exist_for(upload),
        most_cells=most_cells,
        fixes=mending.chosen,
        edits=mending.edits_by_line,
        tolerance=settings.TRACE_TOLERANCE_DEGREES,
    )


@contextmanager
def _file_of(upload: Upload) -> Iterator[IO[bytes]]:
    """The uploaded file as one of this machine, whatever keeps it."""
    with ExitStack() as open_files:
        stored = cast("IO[bytes]", open_files.enter_context(upload.file.open("rb")))
        try:
            stored.fileno()
        except (AttributeError, io.UnsupportedOperation):
            copy = open_files.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(stored, copy, MEGABYTE)
            copy.flush()
            yield copy
        else:
            yield stored


def _left(upload: Upload) -> bool:
    """A worker reads it from its beginning."""
    forget(upload)
    upload.update_fields(attempts=0)
    return False


def forget(upload: Upload) -> None:
    """Remove what an earlier reading left: it may have been broken off half-way."""
    chunks.clear(upload)
    upload.problems.all().delete()
    if upload.problem_list:
        upload.problem_list.delete(save=False)
    for mending in UploadMending.objects.filter(upload=upload):
        mending.let_go()
    upload.update_fields(
        rows=0,
        valid=0,
        left_out=0,
        first=None,
        last=None,
        problem_list="",
        columns=[],
        questions=[],
    )
    upload.update_fields(new=0, changed=0, identical=0, fingerprint="", compared_at=None)
    upload.report = UploadReport(upload=upload)
    upload.report.save()
