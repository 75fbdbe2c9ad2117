"""Checking an upload again after it was read back: a receipt is true as of a moment, and this is another one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.aurorax import AuroraX, errors, times
from apps.jobs.leases import Lease, LeaseLost, Stopped
from apps.records.types import RecordRow, type_of
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps.comparison import Match
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import Comparing, matched

LISTED = 1_000  # keys of records that differ or are gone
ANSWERED_WITHIN = timedelta(seconds=60)  # by a worker; whoever waits longer may ask again


@dataclass
class RecheckResult:
    """How an upload's records are in AuroraX now."""

    same: int = 0
    differing: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """What is saved with the upload."""
        return {
            "same": self.same,
            "differing": len(self.differing),
            "gone": len(self.gone),
            "differing_listed": self.differing[:LISTED],
            "gone_listed": self.gone[:LISTED],
        }


def begin(upload: Upload) -> None:
    """Write down that somebody asked; a worker answers."""
    upload.update_fields(checked_again={"asked_at": timezone.now().isoformat()})


def is_under_way(upload: Upload) -> bool:
    """Whether an answer is still to come."""
    asked = upload.checked_again.get("asked_at")
    now = timezone.now()
    at_work = bool(upload.lease_until and upload.lease_until > now)
    return bool(asked) and (at_work or now - times.parse(asked) < ANSWERED_WITHIN)


def run(upload: Upload, lease: Lease[Upload]) -> None:
    """Read everything back, and keep what was found with its time. Everybody may read: no credential is needed."""
    at = timezone.now().isoformat()
    try:
        client = AuroraX(base_url=upload.api_url)
        source = client.sources.get(upload.source_identifier)
        found = _found(StepContext(upload, lease, type_of(upload.kind), client, source)).kept()
    except errors.AuroraXError as error:
        found = {"problem": error.plain_message}
    except (Stopped, LeaseLost):  # somebody has begun to undo it: what is there will soon be another
        found = {"problem": "It was not finished, because the upload was being undone."}
    upload.update_fields(checked_again={"at": at} | found)


def _found(context: StepContext) -> RecheckResult:
    found, there = RecheckResult(), dict[int, set[str]]()
    sent = dict[int, Mapping[str, RecordRow]]()
    whole = not context.upload.only_new  # what was left alone then differs, as it should
    chunks = list(context.upload.chunks.exclude(state=ChunkState.REFUSED))
    for window in matched(context, chunks, State.DONE, Comparing(whole=whole)):
        for match in window.matches:
            chunk = match.at.chunk
            if chunk.pk not in sent:
                sent[chunk.pk] = _sent(context, chunk)
            there.setdefault(chunk.pk, set()).add(match.key)
            if _is_same(context, match, sent[chunk.pk]):
                found.same += 1
            else:
                found.differing.append(match.key)
        for chunk in window.done:
            held = there.pop(chunk.pk, set())
            found.gone += [key for key in _keys(context, chunk, whole=whole) if key not in held]
            sent.pop(chunk.pk, None)
    return found


def _sent(context: StepContext, chunk: Chunk) -> dict[str, RecordRow]:
    """What was sent, by key: the file's records, completed with what AuroraX was to keep."""
    if not context.upload.started_at:
        return {}
    return {context.kind.key(row): row for row in context.kind.rows_of(chunk.sendable())}


def _is_same(context: StepContext, match: Match, sent: Mapping[str, RecordRow]) -> bool:
    """As it was sent; or what was found identical still agrees in all that the file gives."""
    if match.key in sent:
        return context.kind.same(sent[match.key], match.theirs)
    return match.is_same(emptying=context.upload.empty_missing)


def _keys(context: StepContext, chunk: Chunk, *, whole: bool) -> Iterator[str]:
    body = chunk.content() if whole else chunk.sendable()
    return (context.kind.key(row) for row in context.kind.rows_of(body))
