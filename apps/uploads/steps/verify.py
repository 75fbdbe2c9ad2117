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
from apps.uploads.states import State
from apps.uploads.steps import losses, matching, replaced_records
from apps.uploads.steps.chunk_writer import FIRST_RECORDS
from apps.uploads.steps.context import Errand
from apps.validation import values
from apps.validation.row import Record

RESENDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds between two looks
PATIENCE = 20.0  # seconds that a worker waits; then others have their turn before it looks again


class Parked(Exception):
    """Not everything is there yet: look again in so many seconds, and let the worker do something else meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def run(errand: Errand) -> None:
    """Read back what was sent."""
    read_back = _verify(errand)
    with transaction.atomic():  # never one without the other
        errand.upload.move(State.DONE, read_back=read_back)
        events.record(errand.upload)


def _verify(errand: Errand) -> list[Record]:
    """Look until every record is there with equal values; send what got lost again up to `RESENDS` times.

    That is spread evenly over `settings.UPLOAD_VERIFY_SECONDS`. What somebody else has changed meanwhile is theirs: it is
    left alone, and listed in `Upload.others`. Returns the first records of the file as AuroraX answers them; how many are
    there is in the ledger. Raises `errors.AuroraXError`, `Stopped` and `Parked`.
    """
    upload, patient_until, pause = errand.upload, time.monotonic() + PATIENCE, FIRST_PAUSE
    while not _all_there(errand):
        left = _seconds_left(upload)
        if left > 0:
            _wait(errand, min(pause, left), patient_until)
            pause = min(pause * 2, LONGEST_PAUSE)
        elif _send_lost(errand):
            pause = FIRST_PAUSE
        else:
            break
    else:
        upload.set_others("verifying", [])
    upload.keep(verified=_verified(errand))  # also what a worker had found that was lost right then
    return _read_back(errand)


def _seconds_left(upload: Upload) -> float:
    """How long to wait before the next sending, or before giving up after the last."""
    share = settings.UPLOAD_VERIFY_SECONDS / (RESENDS + 1)
    since = upload.resent_at or upload.sent_at or timezone.now()
    return float(share - (timezone.now() - since).total_seconds())


def _wait(errand: Errand, seconds: float, patient_until: float) -> None:
    if time.monotonic() + seconds > patient_until:
        raise Parked(seconds)
    errand.lease.rest(seconds)


def _all_there(errand: Errand) -> bool:
    """One look at every chunk that is accepted and not verified yet."""
    complete = True
    for chunks in matching.batches(errand, [ChunkState.ACCEPTED]):
        found = errand.patiently(partial(matching.found, errand, chunks))
        for chunk in chunks:
            lacking = chunk.to_send - len(found[chunk.index])
            complete = complete and not lacking
            state = ChunkState.ACCEPTED if lacking else ChunkState.VERIFIED
            Chunk.objects.filter(pk=chunk.pk).update(state=state, verified=chunk.to_send - lacking)
        errand.upload.keep(verified=_verified(errand))
    return complete


def _send_lost(errand: Errand) -> bool:
    """Send the records that got lost again, and only those; whether there were any, and it was not too often."""
    upload, others, sent = errand.upload, list[str](), 0
    with replaced_records.opened(upload, errand.kind) as old:
        for found in losses.losses(errand, old):
            others += found.others
            if found.lost and upload.resent_times < RESENDS:
                body = errand.named(b"[" + b",".join(found.lost) + b"]")
                errand.go_on(State.VERIFYING)
                errand.patiently(partial(errand.kind.upload, errand.client, errand.source, body))
                sent += len(found.lost)
                upload.keep(resent=upload.resent + len(found.lost))
    upload.set_others("verifying", others)
    if sent:
        upload.keep(resent_times=upload.resent_times + 1, resent_at=timezone.now())
    return bool(sent)


def _verified(errand: Errand) -> int:
    return errand.upload.chunks.aggregate(total=Sum("verified"))["total"] or 0


def _read_back(errand: Errand) -> list[Record]:
    """The first records of the file as AuroraX answers them now."""
    kind, first_records = errand.kind, errand.upload.first_records
    wanted = {kind.key(record) for record in first_records}
    if not wanted:
        return []
    spans = [kind.span(record) for record in first_records]
    first, last = values.moment(min(start for start, _ in spans)), values.moment(max(end for _, end in spans))
    stored = errand.patiently(lambda: list(kind.stored(errand.client, errand.source, first, last)))
    return list(
        islice((record for record in stored if kind.key(kind.canonical(record)) in wanted), FIRST_RECORDS)
    )
