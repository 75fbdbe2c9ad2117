"""Sending an upload from the ledger, several chunks at a time.

Only this thread writes down what happens; the others do nothing but send. The attempt is written down first: whatever
happens then, the ledger knows of it. A chunk that was tried and not answered is sent again, which is harmless.
"""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.aurorax import errors
from apps.records.types import RecordType
from apps.uploads import chunks
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import IN_AURORAX, ChunkState
from apps.uploads.states import State
from apps.uploads.steps.concurrency import AdaptiveConcurrency
from apps.uploads.steps.context import BACK_OFF, LONGEST_WAIT, StepContext
from apps.uploads.steps.guard import Guard, guarding
from apps.uploads.steps.plan import snapshot_and_plan
from apps.uploads.steps.read_back import ReadBack

# While AuroraX keeps up, a chunk waits behind each one that is sent, so that no connection has to wait for the ledger.
AHEAD = 2
GATHER = 0.005  # seconds for more answers after the first: they are written down together
ALONE = 100  # refusals of one upload that are traced; halving must not become a flood when AuroraX refuses everything


@dataclass(frozen=True)
class SendResult:
    """What became of a request: accepted after so many seconds, unless there is an error."""

    seconds: float
    error: errors.AuroraXError | None = None


def run(context: StepContext) -> None:
    """Send what is new or changed, as far as the ledger has not done it; the first time compare once more before."""
    upload = context.upload
    if upload.snapshot is None and not snapshot_and_plan(context):
        return
    upload.update_fields(pace_since=timezone.now(), pace_from=upload.sent)
    _send_all(context)
    upload.transition(State.VERIFYING, sent_at=timezone.now(), retries=0)


def _send_all(context: StepContext) -> None:
    """Send every chunk that waits, or was sent without an answer. Raises `errors.AuroraXError` and `Stopped`; what was
    under way then is waited for and written down.
    """
    count_again(context.upload)
    most = settings.UPLOAD_CONNECTIONS
    with (
        ThreadPoolExecutor(most, thread_name_prefix="opening") as opening,
        ThreadPoolExecutor(most, thread_name_prefix="sending") as connections,
        guarding(context) as guard,
        ReadBack(context) as read_back,
    ):
        _Sender(context, opening, connections, guard, read_back).run()


def count_again(upload: Upload) -> None:
    """The counts on the page, from the ledger."""
    chunks = upload.chunks
    upload.update_fields(
        sent=chunks.filter(state__in=IN_AURORAX).aggregate(total=Sum("to_send"))["total"] or 0,
        refused=chunks.filter(state=ChunkState.REFUSED).aggregate(total=Sum("to_send"))["total"] or 0,
    )


class _Sender:
    """The chunks that wait, those under way, and what came back."""

    def __init__(
        self,
        context: StepContext,
        opening: ThreadPoolExecutor,
        connections: ThreadPoolExecutor,
        guard: Guard,
        read_back: ReadBack,
    ) -> None:
        self._context, self._upload, self._guard = context, context.upload, guard
        self._read_back = read_back
        self._opening, self._connections = opening, connections
        self._pace = AdaptiveConcurrency(settings.UPLOAD_CONNECTIONS)
        unsent = [ChunkState.WAITING, ChunkState.SENDING]
        self._waiting = deque(self._upload.chunks.filter(state__in=unsent))
        self._under_way: dict[Future[SendResult], Chunk] = {}
        self._troubles = 0  # since the last success; what was under way at the same time is one
        self._fresh: set[int] = set()  # chunks sent since the last trouble

    def run(self) -> None:
        try:
            while self._waiting or self._under_way:
                self._context.ensure_state(State.SENDING)
                self._send_some()
                self._read_back.poll()
                if self._under_way:
                    self._harvest(self._finished())
        finally:
            self._write_down_the_rest()

    def _send_some(self) -> None:
        chunks = [self._waiting.popleft() for _ in range(min(self._free(), len(self._waiting)))]
        chunks = [chunk for chunk in chunks if self._guard.leave_out(chunk)]
        if chunks:
            entries = Chunk.objects.filter(pk__in=[chunk.pk for chunk in chunks])
            entries.update(attempts=F("attempts") + 1, state=ChunkState.SENDING)
        self._fresh.update(chunk.pk for chunk in chunks)
        for chunk in chunks:
            body = self._opening.submit(chunk.sendable)
            self._under_way[self._connections.submit(_send, self._context, body)] = chunk

    def _free(self) -> int:
        """How many more chunks may be handed to the connections."""
        ahead = AHEAD if self._pace.is_full else 1
        return self._pace.connections * ahead - len(self._under_way)

    def _finished(self) -> list[tuple[Chunk, SendResult]]:
        """At least one that is answered."""
        wait(self._under_way, return_when=FIRST_COMPLETED)
        if self._pace.is_full:
            time.sleep(GATHER)
        done = [future for future in self._under_way if future.done()]
        found = [(self._under_way.pop(future), future) for future in done]
        found.sort(key=lambda each: each[0].index)
        return [(chunk, future.result()) for chunk, future in found]

    def _harvest(self, answers: Sequence[tuple[Chunk, SendResult]]) -> None:
        accepted = [chunk for chunk, answer in answers if answer.error is None]
        _accepted(self._upload, accepted)
        self._read_back.accepted(accepted)
        for chunk, answer in answers:
            if answer.error is None:
                self._troubles = 0
                self._pace.record_latency(answer.seconds)
            elif isinstance(answer.error, errors.InvalidRequest):
                self._waiting.extendleft(reversed(refused(self._context, chunk, answer.error)))
            elif isinstance(answer.error, errors.TryAgain):
                self._again(chunk, answer.error)
            else:
                raise answer.error

    def _again(self, chunk: Chunk, error: errors.TryAgain) -> None:
        """Later, and less at a time; raises the error when that has been tried often enough, or has to wait long."""
        self._waiting.appendleft(chunk)
        if chunk.pk not in self._fresh:
            return
        self._fresh.clear()
        self._waiting.extendleft(reversed(self._call_back()))
        self._pace.back_off()
        self._troubles += 1
        pause = max(BACK_OFF[min(self._troubles, len(BACK_OFF)) - 1], error.retry_after or 0)
        if self._troubles > len(BACK_OFF) or pause > LONGEST_WAIT:
            raise error
        self._context.lease.rest(pause)

    def _call_back(self) -> list[Chunk]:
        """The chunks that wait behind others, as if they had never been handed out."""
        chunks = [self._under_way.pop(future) for future in list(self._under_way) if future.cancel()]
        entries = Chunk.objects.filter(pk__in=[chunk.pk for chunk in chunks])
        entries.update(attempts=F("attempts") - 1, state=ChunkState.WAITING)
        return chunks

    def _write_down_the_rest(self) -> None:
        """What is on its way cannot be called back: its answers count, whatever has happened."""
        self._call_back()
        answers = [(chunk, future) for future, chunk in self._under_way.items()]
        wait([future for _, future in answers])
        _accepted(
            self._upload, [c for c, future in answers if not future.exception() and not future.result().error]
        )


def _send(context: StepContext, opened: "Future[bytes]") -> SendResult:
    """In a thread of its connection: it touches neither the database nor anything that others change. What it sends is
    taken from storage by another thread, while the connection still waits for the answer to what went before.
    """
    body = context.named(opened.result())
    began = time.monotonic()
    try:
        context.kind.upload(context.client, context.source, body)
    except errors.AuroraXError as error:
        return SendResult(time.monotonic() - began, error)
    return SendResult(time.monotonic() - began)


def _accepted(upload: Upload, chunks: Iterable[Chunk]) -> None:
    accepted = list(chunks)
    if not accepted:
        return
    upload.sent += sum(chunk.to_send for chunk in accepted)
    with transaction.atomic():  # the count on the page is never another than the ledger's
        Chunk.objects.filter(pk__in=[chunk.pk for chunk in accepted]).update(state=ChunkState.ACCEPTED)
        Upload.objects.filter(pk=upload.pk).update(sent=upload.sent)


def refused(context: StepContext, chunk: Chunk, refusal: errors.InvalidRequest) -> list[Chunk]:
    """Chunks to send in the place of one that AuroraX refuses: its halves, until the refused records stand alone.

    They are in the ledger before they are sent, so that a pause, a cancellation or a crash finds them there.
    """
    upload = context.upload
    if chunk.to_send > 1 and upload.chunks.filter(state=ChunkState.REFUSED).count() < ALONE:
        return chunks.halve(chunk, context.kind)
    entry = Chunk.objects.filter(pk=chunk.pk)
    entry.update(state=ChunkState.REFUSED, answer=refusal.message, key=_key_alone(context.kind, chunk))
    upload.update_fields(refused=upload.refused + chunk.to_send)
    return []


def _key_alone(kind: RecordType, chunk: Chunk) -> str:
    rows = kind.rows_of(chunk.sendable()) if chunk.to_send == 1 else []
    return kind.key(rows[0]) if rows else ""
