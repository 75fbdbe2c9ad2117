"""Reading a file: every row checked, the valid ones laid out as chunks that are ready to send. No network."""

import csv
import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

import msgspec
from django.conf import settings
from django.core.files import File

from apps.aurorax import DataSource
from apps.ui.spreadsheets import harmless
from apps.uploads import cells, ledger, rules
from apps.uploads.columns import NotReadable
from apps.uploads.findings import Findings, Found
from apps.uploads.kinds import RecordKind, kind_of
from apps.uploads.leases import Lease
from apps.uploads.models import Problem, Upload
from apps.uploads.readers import Table, open_table
from apps.uploads.readers.table import Layout
from apps.uploads.row_check import Record, RowCheck
from apps.uploads.states import State

FIRST_RECORDS = 10
NUL = b"\\u0000"  # as JSON writes it
SIGN_OF_LIFE = 20_000  # rows between two
PROBLEM_COLUMNS = ("line", "column", "value", "severity", "problem", "what to do")


def read(upload: Upload, source: DataSource, lease: Lease) -> None:
    """Take the upload from received to needs columns, checked or rejected. Begins anew whatever was done before."""
    upload.move(State.READING)
    _forget(upload)
    try:
        with upload.file.open("rb") as stream, tempfile.TemporaryFile("w+", newline="") as listing:
            findings = Findings(_lister(listing))
            kind = kind_of(upload.kind)
            table = open_table(stream.file, Layout(kind.columns_of(source), upload.mapping, findings))
            upload.keep(format=table.format, dialect=table.dialect)
            if table.matching.unknown:
                upload.move(State.NEEDS_COLUMNS, headers=table.matching.unknown)
                return
            _check_rows(table, kind.row_check(source, findings), ChunkWriter(upload, kind), lease)
            _keep_findings(upload, findings, listing)
    except NotReadable as refusal:
        reject(upload, refusal.sentence)
        return
    upload.move(State.CHECKED)


def reject(upload: Upload, sentence: str) -> None:
    """Nothing of this file can be sent, for the reason in the sentence."""
    if upload.state == State.RECEIVED:
        upload.move(State.READING)
    _forget(upload)
    upload.move(State.REJECTED, sentence=sentence)


def _check_rows(table: Table, checking: RowCheck, chunks: "ChunkWriter", lease: Lease) -> None:
    upload, rows = lease.upload, 0
    checking.expect(name for name in table.matching.names if name)
    for line, row in table.rows:
        rows += 1
        record = checking.check(line, row) if row is not None else None
        if record is not None and not chunks.add(record):
            checking.findings.add(rules.NOT_STORABLE, line, "", "")
        if rows % SIGN_OF_LIFE == 0:
            upload.keep(rows=rows, valid=chunks.count)
            lease.renew()
    if not rows:
        raise NotReadable("The file has a header and no rows. Choose a file with records in it.")
    chunks.finish()
    upload.keep(
        rows=rows,
        valid=chunks.count,
        first=chunks.first,
        last=chunks.last,
        first_records=chunks.first_records,
    )


class ChunkWriter:
    """Lays records out as JSON arrays of `settings.UPLOAD_CHUNK_RECORDS`, each in storage and in the ledger."""

    def __init__(self, upload: Upload, kind: RecordKind) -> None:
        self._upload, self._kind = upload, kind
        self._encode = msgspec.json.Encoder().encode
        self._bodies: list[bytes] = []
        self._spans: list[tuple[str, str]] = []
        self._size = settings.UPLOAD_CHUNK_RECORDS
        self._index = 0
        self._first, self._last = "", ""
        self.count = 0
        self.first_records: list[Record] = []

    @property
    def first(self) -> datetime | None:
        """The first moment of all records, None without any."""
        return cells.moment(self._first) if self._first else None

    @property
    def last(self) -> datetime | None:
        """The last moment."""
        return cells.moment(self._last) if self._last else None

    def add(self, record: Record) -> bool:
        """Take one record up; False when it holds what JSON or AuroraX's database (PostgreSQL: no NUL) cannot."""
        try:
            body = self._encode(record)
        except (ValueError, OverflowError, RecursionError):
            return False
        if NUL in body:
            return False
        self.count += 1
        if self.count <= FIRST_RECORDS:
            self.first_records.append(msgspec.json.decode(body))
        self._bodies.append(body)
        self._spans.append(self._kind.span(record))
        if len(self._bodies) == self._size:
            self.finish()
        return True

    def finish(self) -> None:
        """Write what has been taken up as one chunk."""
        if not self._bodies:
            return
        ledger.lay_out(self._upload, self._index, self._bodies, self._spans)
        first, last = min(start for start, _ in self._spans), max(end for _, end in self._spans)
        self._first, self._last = min(self._first or first, first), max(self._last, last)
        self._index += 1
        self._bodies, self._spans = [], []


def _forget(upload: Upload) -> None:
    """Remove what an earlier reading left: it may have been broken off half-way."""
    for chunk in upload.chunks.all():
        chunk.body.delete(save=False)
    upload.chunks.all().delete()
    upload.problems.all().delete()
    if upload.problem_list:
        upload.problem_list.delete(save=False)
    upload.keep(rows=0, valid=0, first=None, last=None, first_records=[], problem_list="", headers=[])


def _lister(listing: TextIO) -> Callable[[Found], None]:
    """Writes each problem and warning as a line of CSV that no spreadsheet program takes for a formula."""
    writer = csv.writer(listing)
    writer.writerow(PROBLEM_COLUMNS)

    def write(found: Found) -> None:
        rule = found.rule
        writer.writerow(
            [found.line, harmless(found.column), harmless(found.value), rule.severity, rule.cause, rule.cure]
        )

    return write


def _keep_findings(upload: Upload, findings: Findings, listing: TextIO) -> None:
    Problem.objects.bulk_create(
        Problem(
            upload=upload,
            severity=cause.rule.severity,
            slug=cause.rule.slug,
            column=cause.column[:250],
            count=cause.count,
            examples=[{"line": found.line, "value": found.value} for found in cause.examples],
        )
        for cause in findings.causes()
    )
    listing.seek(0)
    upload.problem_list.save("", File(listing), save=False)
    upload.keep(problem_list=upload.problem_list.name)
