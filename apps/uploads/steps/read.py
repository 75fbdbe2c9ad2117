"""Reading a file: every row checked, the valid ones laid out as chunks that are ready to send. No network."""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import BinaryIO

from django.conf import settings
from django.core.files import File

from apps.aurorax import DataSource
from apps.jobs.leases import STATE_CHECK_SECONDS, Lease
from apps.jobs.prefetch import map_prefetched
from apps.readers import Dialect, Layout, Table, open_table
from apps.readers.archives import MEGABYTE
from apps.readers.errors import UnreadableFile
from apps.readers.rust_panics import without_panic
from apps.records.types import type_of
from apps.uploads import chunks, presets
from apps.uploads.models import Problem, Upload, UploadReport
from apps.uploads.states import State
from apps.uploads.steps.chunk_writer import ChunkWriter
from apps.uploads.steps.problem_list import ProblemList
from apps.uploads.steps.repeated_rows import RepeatedRows
from apps.validation import questions
from apps.validation.batches import BatchValidator
from apps.validation.findings import Findings, Places
from apps.validation.questions import Question
from apps.validation.value_formats import ValueFormats

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3  # a file that has taken several workers down will not be read by the next
BATCHES_AT_ONCE = 2  # batches that are worked on at once
NO_ROWS = "The file has a header and no rows. Choose a file with records in it."
TOO_HEAVY = (
    "Reading this file was broken off several times. Split it, or save it as CSV, and upload it again."
)
PANIC = (
    "Something in this file is more than the portal can bear, which is a fault of the portal. Tell its administrator, and"
    " send the file along. Nothing was sent to AuroraX."
)


def run(upload: Upload, source: DataSource, lease: Lease[Upload]) -> None:
    """Take the upload from received to needs columns, checked or rejected. Begins anew whatever was done before."""
    upload.transition(State.READING, attempts=upload.attempts + 1)
    _forget(upload)
    if upload.attempts > MOST_ATTEMPTS:
        reject(upload, TOO_HEAVY)
        return
    try:
        with without_panic(PANIC):
            _read(upload, source, lease)
    except UnreadableFile as refusal:
        presets.record_header(upload, refusal.headers)
        reject(upload, refusal.message)


def _read(upload: Upload, source: DataSource, lease: Lease[Upload]) -> None:
    if unfit := _read_as(upload, source, lease):
        _forget(upload)
        _read_as(upload, source, lease, without=unfit)


def _read_as(
    upload: Upload, source: DataSource, lease: Lease[Upload], *, without: Collection[str] = ()
) -> Collection[str]:
    """Read it by the answers there are, `without` those of these names. Answers the names of those that do not fit, with
    which it was read for nothing.
    """
    kind = type_of(upload.kind)
    with upload.file.open("rb") as stream:
        if presets.exist_for(upload) and presets.apply(upload, headers_of(upload, stream.file, source)):
            logger.info("Upload %s is read as files with this header were before", upload.pk)
        layout = _layout(upload, source, without)
        with open_table(stream.file, layout) as table:
            presets.record_header(upload, table.matching.headers)
            columns = [*zip(table.matching.headers, table.matching.names, strict=True)]
            dialect = table.dialect.to_json()
            upload.update_fields(format=table.format, dialect=dialect, remark=table.remark, columns=columns)
            if presets.is_only_proposed(upload, table.questions):
                message, proposed = presets.propose(upload, table.questions)
                _ask(upload, proposed)
                upload.transition(State.NEEDS_COLUMNS, message=message)
                return ()
            asked = _ask(upload, table.questions)
            if table.matching.unknown or asked:
                upload.transition(State.NEEDS_COLUMNS)
                return ()
            with ProblemList(table.places) as listing:
                findings = Findings(listing.write)
                checking = kind.batch_validator(source, findings, layout.value_formats)
                with ThreadPoolExecutor(1, thread_name_prefix="storing") as pool, closing(checking):
                    _check_rows(table, checking, ChunkWriter(upload, pool), lease)
                if unfit := checking.unfit():
                    return unfit
                _keep_findings(upload, findings, table.places, listing)
    if misfits := presets.misfits(upload, layout.value_formats, findings.groups()):
        upload.transition(State.NEEDS_COLUMNS, message=presets.ask_again(upload, misfits))
    elif _ask(upload, [*table.questions, *checking.questions()]):
        upload.transition(State.NEEDS_COLUMNS)
    else:
        upload.transition(State.COMPARING if upload.valid else State.CHECKED, attempts=0)
    return ()


def _ask(upload: Upload, asked: Sequence[Question]) -> bool:
    """Keep the questions about the file; whether one of them has no answer yet, or none that counts any more."""
    chosen = Dialect.from_json(upload.chosen_dialect)
    answers = questions.standing(asked, chosen.answers)
    if answers != chosen.answers:
        upload.update_fields(chosen_dialect=chosen.with_(answers=answers).to_json())
    upload.update_fields(questions=questions.to_json(asked))
    return bool(questions.unanswered(asked, answers))


def headers_of(upload: Upload, stream: BinaryIO, source: DataSource) -> Sequence[str]:
    """The names of the columns, as the file is read when nobody has chosen anything."""
    try:
        layout = Layout(type_of(upload.kind).columns_of(source), {}, largest_unpacked=largest_unpacked())
        with open_table(stream, layout) as table:
            return table.matching.headers
    except UnreadableFile as refusal:
        return refusal.headers


def _layout(upload: Upload, source: DataSource, without: Collection[str]) -> Layout:
    chosen = Dialect.from_json(upload.chosen_dialect)
    kind = type_of(upload.kind)
    value_formats = ValueFormats(
        words=chosen.no_value,
        undescribed=chosen.undescribed,
        answers={name: answer for name, answer in chosen.answers.items() if name not in without},
        is_recalled=upload.recalled_from is not None,
    )
    key = kind.validator_class.key_column
    return Layout(
        kind.columns_of(source),
        upload.mapping,
        chosen,
        value_formats,
        key=key,
        largest_unpacked=largest_unpacked(),
    )


def largest_unpacked() -> int:
    """Bytes that a packed file may hold."""
    return int(settings.UPLOAD_MAX_UNPACKED_MEGABYTES) * MEGABYTE


def reject(upload: Upload, message: str) -> None:
    """Nothing of this file can be sent, for the reason in the sentence."""
    if upload.state == State.RECEIVED:
        upload.transition(State.READING)
    _forget(upload)
    upload.transition(State.REJECTED, message=message)


def _check_rows(table: Table, checking: BatchValidator, chunks: ChunkWriter, lease: Lease[Upload]) -> None:
    upload, rows = lease.job, 0
    for result in map_prefetched(checking.check_vectorised, table.batches, BATCHES_AT_ONCE):
        rows += result.rows
        chunks.add(checking.complete(result))
        del result  # or it would stay until the next is there
        if lease.renew_after(STATE_CHECK_SECONDS):
            upload.update_fields(rows=rows, valid=chunks.count)
    if not rows:
        raise UnreadableFile(NO_ROWS)
    chunks.finish()
    checking.conclude(RepeatedRows(lease))
    upload.update_fields(
        rows=rows,
        valid=chunks.count,
        first=chunks.first,
        last=chunks.last,
        given=sorted(table.given),
        lacks=sorted(checking.lacks),
    )
    upload.report.update_fields(days=dict(chunks.days), first_records=chunks.first_records)


def _forget(upload: Upload) -> None:
    """Remove what an earlier reading left: it may have been broken off half-way."""
    chunks.clear(upload)
    upload.problems.all().delete()
    if upload.problem_list:
        upload.problem_list.delete(save=False)
    upload.update_fields(
        rows=0,
        valid=0,
        first=None,
        last=None,
        problem_list="",
        columns=[],
        questions=[],
    )
    upload.update_fields(new=0, changed=0, identical=0, fingerprint="", compared_at=None)
    upload.report = UploadReport(upload=upload)
    upload.report.save()


def _keep_findings(upload: Upload, findings: Findings, places: Places, listing: ProblemList) -> None:
    Problem.objects.bulk_create(
        Problem(
            upload=upload,
            severity=group.rule.severity,
            slug=group.rule.slug,
            column=group.column[:250],
            count=group.count,
            examples=[
                {"line": found.line, "place": places.words(found), "value": found.value}
                for found in group.examples
            ],
        )
        for group in findings.groups()
    )
    upload.problem_list.save("", File(listing.whole()), save=False)
    upload.update_fields(problem_list=upload.problem_list.name)
