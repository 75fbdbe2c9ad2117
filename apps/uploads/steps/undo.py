"""Undoing an upload: what it changed gets its old values back, what it created is deleted, and both are read back.

What there is to do is always found out from AuroraX itself, so that being broken off and begun again is harmless. Records
that somebody has changed or deleted since are theirs, and those that a later upload stands for are its own: they are left
alone and listed. What AuroraX loses is asked for again, as uploads do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.aurorax import times
from apps.records.looks import HeldRecords, looks_at
from apps.records.types import RecordRow
from apps.uploads import events, shared_records
from apps.uploads.models import Upload
from apps.uploads.models.upload import ATTEMPT
from apps.uploads.states import State
from apps.uploads.steps import replaced_records
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.put_back import PutBack
from apps.uploads.steps.replaced_records import ReplacedRecords
from apps.uploads.steps.sent_records import SentPart, sent_parts
from apps.uploads.steps.verify import RESENDS

LISTED = 1_000  # keys of records that are left alone


@dataclass
class UndoResult:
    """What AuroraX holds of an upload that is being undone."""

    looked_at: str = ""
    restored: int = 0
    as_sent: dict[str, RecordRow] = field(default_factory=dict)  # of one part: still to be undone
    not_done: int = 0  # of all parts that were added
    left_alone: list[str] = field(default_factory=list)  # changed by somebody since
    deleted_since: list[str] = field(
        default_factory=list
    )  # by somebody, so that there is nothing to put back
    shared: dict[str, str] = field(default_factory=dict)  # key -> the later upload that stands for it
    refused: dict[str, str] = field(default_factory=dict)  # key -> AuroraX's answer

    def add(self, other: "UndoResult") -> None:
        """Put the findings of another part to these."""
        self.restored += other.restored
        self.not_done += len(other.as_sent)
        self.shared |= other.shared
        self.refused |= other.refused
        self.left_alone += other.left_alone
        self.deleted_since += other.deleted_since

    def kept(self, sent: int) -> dict[str, Any]:
        """What is saved with the upload, of which AuroraX accepted so many records."""
        lists = (self.left_alone, self.deleted_since, self.shared, self.refused)
        return {
            "looked_at": self.looked_at,
            "restored": self.restored,
            "gone": sent - self.restored - self.not_done - sum(map(len, lists)),
            "left_alone": len(self.left_alone),
            "listed": self.left_alone[:LISTED],
            "deleted_since": len(self.deleted_since),
            "deleted_listed": self.deleted_since[:LISTED],
            "shared": len(self.shared),
            "shared_listed": _some(self.shared),
            "refused": len(self.refused),
            "refused_listed": _some(self.refused),
            "not_done": self.not_done + len(self.refused),
        }


@dataclass(frozen=True)
class Attempt:
    """How often AuroraX was asked to take records back, when for the last time, and what it refused then."""

    number: int = 0
    at: str = ""
    refused: dict[str, str] = field(default_factory=dict)  # key -> AuroraX's answer

    @classmethod
    def of(cls, upload: Upload) -> "Attempt":
        """The last one, as it was kept."""
        return cls(**upload.undo.get(ATTEMPT, {}))

    def next(self, refused: dict[str, str]) -> "Attempt":
        """Another one, made right now."""
        return Attempt(self.number + 1, timezone.now().isoformat(), refused)

    def kept(self) -> dict[str, Any]:
        """What is kept with the upload. Of what is refused no more than is listed in the end."""
        return asdict(self) | {"refused": dict(list(self.refused.items())[:LISTED])}

    @property
    def seconds_left(self) -> float:
        """How long to look before AuroraX is asked again; less than nothing when it has not been asked."""
        since = timezone.now() - times.parse(self.at) if self.at else None
        share = settings.UPLOAD_VERIFY_SECONDS / (RESENDS + 1)
        return float(share - since.total_seconds()) if since is not None else 0.0


def run(context: StepContext) -> None:
    """Take the upload from undoing to undone. Raises `errors.AuroraXError`, `Stopped` and `RetryLater`."""
    upload = context.upload
    with (
        replaced_records.open_replaced(upload, context.kind) as old,
        replaced_records.open_theirs(upload, context.kind) as theirs,
    ):
        found = _until_done(context, old, theirs)
    upload.transition(State.UNDONE, undo=found.kept(upload.sent), ended_at=timezone.now())
    events.record_undo(upload)


def _until_done(context: StepContext, old: ReplacedRecords, theirs: ReplacedRecords) -> UndoResult:
    """Ask AuroraX for what is left, look until it is done or a share of the time is up, and ask again.

    How often it was asked is kept with the upload, so that looking can go on after the worker did something else.
    """
    attempt, found = Attempt.of(context.upload), None
    while found is None or (found.not_done and attempt.number <= RESENDS):
        if attempt.number <= RESENDS and attempt.seconds_left <= 0:
            taking_back = PutBack(context, old, theirs, attempt.refused)
            for look in _looks(context):
                taking_back.take_back(look)
            attempt = attempt.next(taking_back.refused)
            context.upload.update_fields(undo=context.upload.undo | {ATTEMPT: attempt.kept()})
            _wait_for_last(context, taking_back, attempt)
        found = _look_for_a_while(context, old, theirs, attempt)
    return found


def _wait_for_last(context: StepContext, taking_back: PutBack, attempt: Attempt) -> None:
    """AuroraX works in the order in which it was asked: all need not be read before the last is done. Raises `RetryLater`."""
    while (left := attempt.seconds_left) > 0 and context.with_retries(taking_back.shows_last):
        context.lease.wait_since(times.parse(attempt.at), left)


def _look_for_a_while(
    context: StepContext, old: ReplacedRecords, theirs: ReplacedRecords, attempt: Attempt
) -> UndoResult:
    """Look until all is done, or it is time to ask again. Raises `RetryLater`."""
    while (found := _look(context, old, theirs, attempt.refused)).not_done and (
        left := attempt.seconds_left
    ) > 0:
        context.lease.wait_since(times.parse(attempt.at), left)
    return found


def _look(
    context: StepContext, old: ReplacedRecords, theirs: ReplacedRecords, refused: Mapping[str, str]
) -> UndoResult:
    found = UndoResult(looked_at=timezone.now().isoformat())
    for look in _looks(context):
        found.add(sort_out(context, look, old, refused, theirs))
    return found


def _looks(context: StepContext) -> Iterator[HeldRecords[SentPart]]:
    ensure = partial(context.ensure_state, State.UNDOING)
    return looks_at(context, sent_parts(context), waiting=ensure, failed=context.rest_after)


def sort_out(
    context: StepContext,
    look: HeldRecords[SentPart],
    old: ReplacedRecords,
    refused: Mapping[str, str],
    theirs: ReplacedRecords | None = None,
) -> UndoResult:
    """Compare what AuroraX holds with what was sent and with what was there before, for a part of it. `theirs` is what others
    have changed since and is to be undone, too.
    """
    found, kind, held = UndoResult(), context.kind, [*look.read()]
    if not held and old.is_empty:
        return found
    rows, seen, chosen = look.item.rows(kind), set[str](), set[str]()
    for row in held:
        if (ours := rows.get(key := kind.key(row))) is not None:
            seen.add(key)
            also = theirs.get(key) if theirs is not None else None
            if also is not None and kind.same(also, row):
                chosen.add(key)
            _sort(context, (key, row if key in chosen else ours, row), old, found)
    if not context.upload.undo_shared:
        asked = {key: row for key, row in found.as_sent.items() if key not in chosen}
        standing_for = shared_records.shared(context.upload, asked)
        found.shared = {key: upload.name for key, upload in standing_for.items()}
    found.refused = {key: refused[key] for key in found.as_sent if key in refused}
    for key in (*found.shared, *found.refused):
        found.as_sent.pop(key, None)
    found.deleted_since = [key for key in rows if key not in seen and old.get(key) is not None]
    return found


def _sort(
    context: StepContext, record: tuple[str, RecordRow, RecordRow], old: ReplacedRecords, found: UndoResult
) -> None:
    """A record as it was, as it was sent, or as somebody has changed it since: its key, as sent, and as AuroraX has it."""
    key, ours, theirs = record
    if (was := old.get(key)) is not None and context.kind.same(was, theirs):
        found.restored += 1
    elif context.kind.same(ours, theirs):
        found.as_sent[key] = theirs
    else:
        found.left_alone.append(key)


def _some(answers: Mapping[str, str]) -> list[list[str]]:
    return [list(pair) for pair in list(answers.items())[:LISTED]]
