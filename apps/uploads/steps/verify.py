"""Reading back what was sent, until it is all there or the time is up. AuroraX takes records in after it has accepted
them, and never reports some faults (API document), so only a read-back proves anything.

Little over a long time is read back by one search, where AuroraX makes one that is longer than its document says: it has
been seen not to enforce that (tests of PyAuroraX). What such a search finds is there; what it does not find proves nothing,
and whoever says that something is lost looks again, chunk by chunk.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from apps.aurorax import DataSourceStats, errors
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
from apps.uploads.steps import losses, replaced_records
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import Comparing
from apps.uploads.steps.read_back import IN_PLACE, begin, count_verified, ingestion, look_at
from apps.validation.row import Record

LONG = Comparing(whole_source=False, at_once=True)
SEARCHES = 6  # instead of which a long one is tried
MOST = 45_000  # records that its answer may hold: about a month of minutes, as others may
UNUSABLE = 24 * 60 * 60  # seconds for which it is remembered that an AuroraX makes no such searches
RESENDS = 3
PAUSES = 0.25, 1.5  # seconds between two looks: at first, and at most
LATER = 15.0  # seconds until a worker looks again that has left
SOONER = 0.9  # of that time the next first look comes: it may have been there before it was seen


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
    context.upload.update_fields(verified=count_verified(context.upload))
    return _read_back(context)


def _look_for_a_while(context: StepContext) -> bool:
    """Whether every record is there by the next sending. Raises `RetryLater` where that is too far off."""
    upload, usual, looks = context.upload, ingestion(context.upload), list[float]()
    held = cache(partial(_held, context))  # asked once for all looks: it is a bound, and what comes is known

    def look() -> bool:
        looks.append(_seconds_since(upload))
        return _all_verified(context, held)

    seconds = min(_seconds_left(upload), leases.WORKER_SECONDS)
    after = max(usual.shortest - _seconds_since(upload), 0)
    some_left = upload.chunks.filter(state=ChunkState.ACCEPTED).exists()
    complete = until(
        look, bool, seconds=seconds, pauses=PAUSES, after=after if some_left else 0, sleep=context.lease.rest
    )
    if complete and some_left:
        usual.add(looks[-1] * SOONER)
    if not complete and (left := _seconds_left(upload)) > 0:
        raise RetryLater(min(LATER, left))
    return complete


def _seconds_left(upload: Upload) -> float:
    """How long to wait before the next sending, or before giving up after the last."""
    return float(settings.UPLOAD_VERIFY_SECONDS / (RESENDS + 1) - _seconds_since(upload))


def _seconds_since(upload: Upload) -> float:
    """Since the last of it was accepted."""
    now = timezone.now()
    return (now - (upload.resent_at or upload.sent_at or now)).total_seconds()


def _all_verified(context: StepContext, held: Callable[[], int]) -> bool:
    """One look at every chunk that is accepted and not verified yet."""
    begin(context.upload)
    accepted = list(context.upload.chunks.filter(state=ChunkState.ACCEPTED))
    complete = _by_a_long_search(context, accepted, held)
    return look_at(context, accepted, IN_PLACE) if complete is None else complete


def _by_a_long_search(context: StepContext, chunks: Sequence[Chunk], held: Callable[[], int]) -> bool | None:
    """Whether everything in these chunks is there; None where that is not to be learned by one search. `held` asks how many
    records the source has.
    """
    unusable = f"aurorax-no-long-searches:{context.upload.api_url}:{context.kind.slug}"
    spans = merged(span for chunk in chunks for span in chunk.parts)
    if len(context.kind.windows(context.client, context.source, spans)) < SEARCHES:
        return None
    try:
        if caches["answers"].get(unusable) or held() > MOST:
            return None
        return look_at(context, chunks, LONG)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError:
        caches["answers"].set(unusable, True, UNUSABLE)
        return None


def _held(context: StepContext) -> int:
    """How many records the source has."""
    get = partial(context.client.sources.get, context.source.identifier, include_stats=True)
    return context.kind.counts.total(context.patiently(get, State.VERIFYING).stats or DataSourceStats())


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
