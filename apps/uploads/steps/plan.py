"""What of a compared file is to be sent: decided once more, with a copy kept of what it replaces."""

from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import kept_values, matching
from apps.uploads.steps.comparison import ComparisonSummary
from apps.uploads.steps.context import StepContext
from apps.validation.row import Record

CHANGED_MEANWHILE = (
    "What AuroraX holds under the keys of this file has changed since it was compared, so nothing was sent. The new"
    " comparison is below."
)


def snapshot_and_plan(context: StepContext) -> bool:
    """Compare once more, keep a copy of what will be replaced, and set aside what need not be sent.

    False when AuroraX holds something else than the person saw: then it is theirs to decide again.
    """
    upload, tally = context.upload, ComparisonSummary(context.kind)
    snapshot = _snapshot(context, tally)
    is_stale = tally.fingerprint != upload.fingerprint
    emptying = upload.empty_missing and not is_stale
    found = tally.counts(upload.valid, emptying=emptying)
    if is_stale:
        snapshots.discard(snapshot)
        found |= {"message": CHANGED_MEANWHILE, "compared_at": timezone.now()}
    with transaction.atomic():
        if is_stale:
            upload.transition(State.CHECKED, **found)
        else:
            upload.update_fields(snapshot=snapshot.pk, **found)
        upload.report.update_fields(differences=tally.differences(emptying=emptying))
    return not is_stale


def _snapshot(context: StepContext, tally: ComparisonSummary) -> Snapshot:
    """The copy, whatever was set aside before forgotten; `tally` counts along."""
    upload = context.upload
    kept_values.forget(upload.chunks.exclude(full=""))
    upload.update_fields(compared=0)
    upload.chunks.update(left_out=[], to_send=F("count"), state=ChunkState.WAITING, full="")
    return snapshots.take(
        by=upload.actor,
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        records=_replaced(context, tally),
    )


def _replaced(context: StepContext, tally: ComparisonSummary) -> Iterator[Record]:
    """The records that will be replaced, as AuroraX has them and as they can be uploaded again. What is not sent, and
    what AuroraX keeps of the others, is written down in the ledger on the way.
    """
    only_new, emptying = context.upload.only_new, context.upload.empty_missing
    left_out: dict[int, list[int]] = {}
    kept: dict[int, dict[int, kept_values.Kept]] = {}
    for window in matching.whole_file(context, State.SENDING):
        for match in window.matches:
            tally.add(match)
            if match.is_same(emptying=emptying) or only_new:
                left_out.setdefault(match.at.chunk.pk, []).append(match.at.place)
                continue
            if match.kept and not emptying:
                kept.setdefault(match.at.chunk.pk, {})[match.at.place] = match.kept
            yield context.source.key | context.kind.record_of(match.theirs)
        done = sum(chunk.count for chunk in window.done)
        context.upload.update_fields(compared=context.upload.compared + done)
        for chunk in window.done:
            _write_down(context, chunk, left_out.pop(chunk.pk, []), kept.pop(chunk.pk, {}))


def _write_down(
    context: StepContext, chunk: Chunk, left_out: Sequence[int], kept: Mapping[int, kept_values.Kept]
) -> None:
    changes: dict[str, object] = {}
    if left_out:
        rest = chunk.count - len(left_out)
        changes |= {"left_out": sorted(left_out), "to_send": rest}
        changes |= {} if rest else {"state": ChunkState.IDENTICAL}
    if len(left_out) < chunk.count and (kept or context.upload.lacks):
        context.ensure_state(State.SENDING)
        kept_values.complete(chunk, context.kind, kept)
        changes["full"] = chunk.full.name
    if changes:
        Chunk.objects.filter(pk=chunk.pk).update(**changes)
