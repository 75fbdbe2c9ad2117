"""Undoing an upload: what it changed gets its old values back, what it created is deleted, and both are read back.

What there is to do is always found out from AuroraX itself, so that being broken off and begun again is harmless. Records
that somebody has changed or deleted since are theirs: they are left alone and listed. An ephemeris deletion is a range;
it only ever covers minutes that hold nothing but what is to go.
"""

import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.uploads import comparing, outcomes
from apps.uploads.errands import Errand
from apps.uploads.kinds import AnyRow
from apps.uploads.models import Chunk, Upload
from apps.uploads.row_check import Record
from apps.uploads.sending import IN_AURORAX
from apps.uploads.states import State

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0  # seconds between two looks
LISTED = 100  # keys of records that are left alone
AT_ONCE = 500  # records put back, or runs deleted, before the next look at what people have decided


@dataclass
class Plan:
    """What is left to do, and what has come of the rest."""

    put_back: list[Record] = field(default_factory=list)
    delete: list[list[str]] = field(default_factory=list)  # runs of keys with nothing between them
    restored: int = 0
    present: int = 0  # created records that are still there
    left_alone: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether AuroraX needs to be asked for nothing more."""
        return not self.put_back and not self.delete


def undo(errand: Errand) -> None:
    """Take the upload from undoing to undone. Raises `errors.AuroraXError` and `Stopped`."""
    upload = errand.upload
    give_up, pause = time.monotonic() + settings.UPLOAD_VERIFY_SECONDS, FIRST_PAUSE
    with _before(errand) as before:
        plan = errand.patiently(lambda: look(errand, before))
        if not plan.is_done:
            carry_out(errand, plan)
        while not plan.is_done and time.monotonic() < give_up:
            errand.lease.rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            plan = errand.patiently(lambda: look(errand, before))
    upload.move(State.UNDONE, undo=_outcome(upload, plan), ended_at=timezone.now())
    outcomes.record_undo(upload)


def look(errand: Errand, before: "Before") -> Plan:
    """Compare what AuroraX holds with what was sent and with what was there before."""
    plan = Plan()
    for chunks in comparing.batches(errand, IN_AURORAX):
        _look_at(errand, chunks, before, plan)
    return plan


def carry_out(errand: Errand, plan: Plan) -> None:
    """Ask AuroraX for all of it, in portions."""
    kind, client, source = errand.kind, errand.client, errand.source
    for records in _portions(plan.put_back, settings.UPLOAD_CHUNK_RECORDS):
        errand.go_on(State.UNDOING)
        body = msgspec.json.encode(records)
        errand.patiently(lambda body=body: kind.upload(client, source, body))  # type: ignore[misc]
    for runs in _portions(plan.delete, AT_ONCE):
        errand.go_on(State.UNDOING)
        kind.delete(client, source, runs)


def _look_at(errand: Errand, chunks: Sequence[Chunk], before: "Before", plan: Plan) -> None:
    """One batch: every record AuroraX holds there, ours and others', in its order."""
    run: list[str] = []
    for ours, theirs in comparing.beside(errand, chunks, State.UNDOING):
        key = errand.kind.row_key(theirs)
        old = before.get(key) if ours is not None else None
        if ours is not None and old is None and errand.kind.same_row(ours, theirs):
            run.append(key)
            plan.present += 1
            continue
        run = _end(run, plan)
        if ours is not None:
            _sort(errand, ours, theirs, old, plan)
    _end(run, plan)


def _end(run: list[str], plan: Plan) -> list[str]:
    if run:
        plan.delete.append(run)
    return []


def _sort(errand: Errand, ours: AnyRow, theirs: AnyRow, old: Record | None, plan: Plan) -> None:
    """A record that was changed by the upload, or by somebody since."""
    kind = errand.kind
    if old is not None and kind.same(old, kind.record_of(theirs)):
        plan.restored += 1
    elif old is not None and kind.same_row(ours, theirs):
        plan.put_back.append(old)
    else:
        plan.left_alone.append(kind.row_key(theirs))


def _outcome(upload: Upload, plan: Plan) -> dict[str, Any]:
    left_alone, not_done = len(plan.left_alone), len(plan.put_back) + plan.present
    return {
        "restored": plan.restored,
        "gone": upload.sent - plan.restored - left_alone - not_done,
        "left_alone": left_alone,
        "listed": plan.left_alone[:LISTED],
        "not_done": not_done,
    }


def _portions(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Before:
    """The snapshot of an upload, by key: on disk, because it can be as large as the upload."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def get(self, key: str) -> Record | None:
        """The record as it was before; None for one that the upload created."""
        found = self._database.execute("SELECT record FROM before WHERE key = ?", [key]).fetchone()
        return json.loads(found[0]) if found else None


@contextmanager
def _before(errand: Errand) -> Iterator[Before]:
    snapshot = Snapshot.objects.filter(pk=str(errand.upload.snapshot)).first()
    with tempfile.NamedTemporaryFile() as file, closing(sqlite3.connect(file.name)) as database:
        database.execute("CREATE TABLE before (key TEXT PRIMARY KEY, record TEXT)")
        records = snapshots.records_of(snapshot) if snapshot else ()
        rows = ((errand.kind.key(errand.kind.canonical(record)), json.dumps(record)) for record in records)
        database.executemany("INSERT OR REPLACE INTO before VALUES (?, ?)", rows)
        yield Before(database)
