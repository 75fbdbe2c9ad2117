"""Reading back what was sent, until it is all there or the time is up. AuroraX takes records in after it has accepted
them, and never reports some faults (API document), so only a read-back proves anything.
"""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from apps.aurorax.polling import until
from apps.jobs import leases
from apps.jobs.leases import RetryLater
from apps.records.spans import span_of
from apps.records.types import RecordRow
from apps.uploads import events
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.reader.chunk_layout import FIRST_RECORDS
from apps.uploads.spans import merged
from apps.uploads.states import State
from apps.uploads.steps import losses, matching, replaced_records
from apps.uploads.steps.context import StepContext
from apps.validation.row import Record

RESENDS = 3
PAUSES = 0.25, 15.0  # seconds between two looks: at first, and at most


def run(context: StepContext) -> None:
    """Read back what was sent."""
    read_back = _verify(context)
    with transaction.atomic():  # never one without the other
        context.upload.transition(State.DONE)
        context.upload.report.update_fields(read_back=read_back)
        events.record(context.upload)


def _verify(context: StepContext) -> list[Record]:
    """Look until every record is there with equal values; send what got lost again up to `RESENDS` times.

    That is spread evenly over `settings.UPLOAD_VERIFY_SECONDS`. What somebody else has changed meanwhile is theirs: it is
    left alone, and listed in `UploadReport.others`. Returns the first records of the file as AuroraX answers them; how many are
    there is in the ledger. Raises `errors.AuroraXError`, `Stopped` and `RetryLater`.
    """
    complete = _look_for_a_while(context)
    while not complete and _send_lost(context):
        complete = _look_for_a_while(context)
    if complete:
        context.upload.report.set_others("verifying", [])
    # Also what a worker had found that was lost right then.
    context.upload.update_fields(verified=_verified(context))
    return _read_back(context)


def _look_for_a_while(context: StepContext) -> bool:
    """Whether every record is there by the next sending. Raises `RetryLater` where that is too far off."""
    seconds = min(_seconds_left(context.upload), leases.WORKER_SECONDS)
    look = partial(_all_verified, context)
    complete = until(look, bool, seconds=seconds, pauses=PAUSES, sleep=context.lease.rest)
    if not complete and (left := _seconds_left(context.upload)) > 0:
        raise RetryLater(min(PAUSES[1], left))
    return complete


def _seconds_left(upload: Upload) -> float:
    """How long to wait before the next sending, or before giving up after the last."""
    share = settings.UPLOAD_VERIFY_SECONDS / (RESENDS + 1)
    since = upload.resent_at or upload.sent_at or timezone.now()
    return float(share - (timezone.now() - since).total_seconds())


def _all_verified(context: StepContext) -> bool:
    """One look at every chunk that is accepted and not verified yet."""
    complete = True
    for chunks in matching.batches(context, [ChunkState.ACCEPTED]):
        found = context.with_retries(partial(matching.found, context, chunks))
        for chunk in chunks:
            lacking = chunk.to_send - len(found[chunk.index])
            complete = complete and not lacking
            state = ChunkState.ACCEPTED if lacking else ChunkState.VERIFIED
            Chunk.objects.filter(pk=chunk.pk).update(state=state, verified=chunk.to_send - lacking)
        context.upload.update_fields(verified=_verified(context))
    return complete


def _send_lost(context: StepContext) -> bool:
    """Send the records that got lost again, and only those; whether there were any, and it was not too often."""
    upload, others, sent = context.upload, list[str](), 0
    with replaced_records.open_replaced(upload, context.kind) as old:
        for found in losses.losses(context, old):
            others += found.others
            if found.lost and upload.resent_times < RESENDS:
                body = context.named(b"[" + b",".join(found.lost) + b"]")
                context.ensure_state(State.VERIFYING)
                context.with_retries(partial(context.kind.upload, context.client, context.source, body))
                sent += len(found.lost)
                upload.update_fields(resent=upload.resent + len(found.lost))
    upload.report.set_others("verifying", others)
    if sent:
        upload.update_fields(resent_times=upload.resent_times + 1, resent_at=timezone.now())
    return bool(sent)


def _verified(context: StepContext) -> int:
    return context.upload.chunks.aggregate(total=Sum("verified"))["total"] or 0


def _read_back(context: StepContext) -> list[Record]:
    """The first records of the file as AuroraX answers them now."""
    kind, first_records = context.kind, context.upload.report.first_records
    first_rows = [kind.row_of(record) for record in first_records]
    if not first_rows:
        return []
    wanted = {kind.key(row) for row in first_rows}

    def search() -> list[RecordRow]:
        spans = merged(span_of(kind, [row]) for row in first_rows)
        return [row for span in spans for row in kind.search(context.client, context.source, *span)]

    held = context.with_retries(search)
    return [kind.record_of(row) for row in held if kind.key(row) in wanted][:FIRST_RECORDS]
