"""Reading back what was sent, until it is all there or the time is up. AuroraX takes records in after it has accepted
them, and never reports some faults (API document), so only a read-back proves anything.
"""

import time
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from apps.uploads import events
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.reader.chunk_layout import FIRST_RECORDS
from apps.uploads.states import State
from apps.uploads.steps import losses, matching, replaced_records
from apps.uploads.steps.context import StepContext
from apps.validation import values
from apps.validation.row import Record

RESENDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds between two looks
WORKER_SECONDS = 20.0  # seconds that a worker waits; then others have their turn before it looks again


class VerificationPending(Exception):
    """Not everything is there yet: look again in so many seconds, and let the worker do something else meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def run(context: StepContext) -> None:
    """Read back what was sent."""
    read_back = _verify(context)
    with transaction.atomic():  # never one without the other
        context.upload.transition(State.DONE, read_back=read_back)
        events.record(context.upload)


def _verify(context: StepContext) -> list[Record]:
    """Look until every record is there with equal values; send what got lost again up to `RESENDS` times.

    That is spread evenly over `settings.UPLOAD_VERIFY_SECONDS`. What somebody else has changed meanwhile is theirs: it is
    left alone, and listed in `Upload.others`. Returns the first records of the file as AuroraX answers them; how many are
    there is in the ledger. Raises `errors.AuroraXError`, `Stopped` and `VerificationPending`.
    """
    upload, patient_until, pause = context.upload, time.monotonic() + WORKER_SECONDS, FIRST_PAUSE
    while not _all_verified(context):
        left = _seconds_left(upload)
        if left > 0:
            _wait(context, min(pause, left), patient_until)
            pause = min(pause * 2, LONGEST_PAUSE)
        elif _send_lost(context):
            pause = FIRST_PAUSE
        else:
            break
    else:
        upload.set_others("verifying", [])
    upload.update_fields(verified=_verified(context))  # also what a worker had found that was lost right then
    return _read_back(context)


def _seconds_left(upload: Upload) -> float:
    """How long to wait before the next sending, or before giving up after the last."""
    share = settings.UPLOAD_VERIFY_SECONDS / (RESENDS + 1)
    since = upload.resent_at or upload.sent_at or timezone.now()
    return float(share - (timezone.now() - since).total_seconds())


def _wait(context: StepContext, seconds: float, patient_until: float) -> None:
    if time.monotonic() + seconds > patient_until:
        raise VerificationPending(seconds)
    context.lease.rest(seconds)


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
    upload.set_others("verifying", others)
    if sent:
        upload.update_fields(resent_times=upload.resent_times + 1, resent_at=timezone.now())
    return bool(sent)


def _verified(context: StepContext) -> int:
    return context.upload.chunks.aggregate(total=Sum("verified"))["total"] or 0


def _read_back(context: StepContext) -> list[Record]:
    """The first records of the file as AuroraX answers them now."""
    kind, first_records = context.kind, context.upload.first_records
    wanted = {kind.key(record) for record in first_records}
    if not wanted:
        return []
    spans = [kind.span(record) for record in first_records]
    first, last = values.moment(min(start for start, _ in spans)), values.moment(max(end for _, end in spans))
    stored = context.with_retries(lambda: list(kind.stored(context.client, context.source, first, last)))
    return list(
        islice((record for record in stored if kind.key(kind.canonical(record)) in wanted), FIRST_RECORDS)
    )
