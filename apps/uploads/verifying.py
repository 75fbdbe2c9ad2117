"""Reading back what was sent, until it is all there or the time is up. AuroraX takes records in after it has accepted
them, and never reports some faults (API document), so only a read-back proves anything.
"""

import time
from functools import partial
from itertools import islice

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from apps.uploads import cells, comparing
from apps.uploads.errands import Errand
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.reading import FIRST_RECORDS
from apps.uploads.row_check import Record
from apps.uploads.states import State

RESENDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds between two looks
PATIENCE = 20.0  # seconds that a worker waits; then others have their turn before it looks again


class Parked(Exception):
    """Not everything is there yet: look again in so many seconds, and let the worker do something else meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def verify(errand: Errand) -> list[Record]:
    """Look until every record is there with equal values; send what is missing again up to `RESENDS` times.

    That is spread evenly over `settings.UPLOAD_VERIFY_SECONDS`. Returns the first records of the file as AuroraX answers
    them; how many are there is in the ledger. Raises `errors.AuroraXError`, `Stopped` and `Parked`.
    """
    upload, patient_until, pause = errand.upload, time.monotonic() + PATIENCE, FIRST_PAUSE
    while not _all_there(errand):
        left = _seconds_left(upload)
        if left > 0:
            _wait(errand, min(pause, left), patient_until)
            pause = min(pause * 2, LONGEST_PAUSE)
        elif upload.resent_times < RESENDS:
            _send_missing(errand)
            pause = FIRST_PAUSE
        else:
            break
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
    for chunks in comparing.batches(errand, [ChunkState.ACCEPTED]):
        left = errand.patiently(partial(comparing.missing, errand, chunks))
        for chunk in chunks:
            lacking = len(left[chunk.index])
            complete = complete and not lacking
            state = ChunkState.ACCEPTED if lacking else ChunkState.VERIFIED
            Chunk.objects.filter(pk=chunk.pk).update(state=state, verified=chunk.to_send - lacking)
        errand.upload.keep(verified=_verified(errand))
    return complete


def _send_missing(errand: Errand) -> None:
    """Send the records that are not there again, and only those."""
    for chunks in comparing.batches(errand, [ChunkState.ACCEPTED]):
        for records in comparing.missing(errand, chunks).values():
            if records:
                body = b"[" + b",".join(records) + b"]"
                errand.go_on(State.VERIFYING)
                errand.patiently(partial(errand.kind.upload, errand.client, errand.source, body))
                errand.upload.keep(resent=errand.upload.resent + len(records))
    errand.upload.keep(resent_times=errand.upload.resent_times + 1, resent_at=timezone.now())


def _verified(errand: Errand) -> int:
    return errand.upload.chunks.aggregate(total=Sum("verified"))["total"] or 0


def _read_back(errand: Errand) -> list[Record]:
    """The first records of the file as AuroraX answers them now."""
    kind, first_records = errand.kind, errand.upload.first_records
    wanted = {kind.key(record) for record in first_records}
    if not wanted:
        return []
    spans = [kind.span(record) for record in first_records]
    first, last = cells.moment(min(start for start, _ in spans)), cells.moment(max(end for _, end in spans))
    stored = errand.patiently(lambda: list(kind.stored(errand.client, errand.source, first, last)))
    return list(
        islice((record for record in stored if kind.key(kind.canonical(record)) in wanted), FIRST_RECORDS)
    )
