"""Sending an upload from the ledger, several requests at a time.

Only this thread writes down what happens; the others do nothing but send. The attempt is written down first: whatever
happens then, the ledger knows of it. What was tried and not answered is sent again, which is harmless.
"""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.aurorax import AuroraX, errors
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import IN_AURORAX, ChunkState
from apps.uploads.states import State
from apps.uploads.steps.context import BACK_OFF, LONGEST_WAIT, StepContext
from apps.uploads.steps.guard import guarding
from apps.uploads.steps.packing import Packer, UploadRequest
from apps.uploads.steps.plan import snapshot_and_plan
from apps.uploads.steps.read_back import ReadBack
from apps.uploads.steps.shared_pace import SharedPace, pace_of

# A request waits behind each one that is sent, so that no connection has to wait for the ledger.
AHEAD = 2
GATHER = 0.005  # seconds for more answers after the first: they are written down together
SIGN_OF_LIFE = 1.0  # seconds between two, while none comes


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
    unsent = context.upload.chunks.filter(state__in=[ChunkState.WAITING, ChunkState.SENDING])
    with (
        pace_of(context.upload.api_url).joined() as pace,
        ThreadPoolExecutor(pace.most_connections, thread_name_prefix="opening") as opening,
        ThreadPoolExecutor(AHEAD * pace.most_connections, thread_name_prefix="sending") as connections,
        guarding(context) as guard,
        ReadBack(context) as read_back,
    ):
        packer = Packer(context, guard, unsent)
        _Sender(context, pace, packer, opening, connections, read_back=read_back).run()


def count_again(upload: Upload) -> None:
    """The counts on the page, from the ledger."""
    chunks = upload.chunks
    upload.update_fields(
        sent=chunks.filter(state__in=IN_AURORAX).aggregate(total=Sum("to_send"))["total"] or 0,
        refused=chunks.filter(state=ChunkState.REFUSED).aggregate(total=Sum("to_send"))["total"] or 0,
    )


class _Sender:
    """The requests that wait, those under way, and what came back."""

    def __init__(
        self,
        context: StepContext,
        pace: SharedPace,
        packer: Packer,
        opening: ThreadPoolExecutor,
        connections: ThreadPoolExecutor,
        *,
        read_back: ReadBack,
    ) -> None:
        self._context, self._upload, self._pace, self._packer = context, context.upload, pace, packer
        self._client, self._read_back = context.client.paced(), read_back
        self._opening, self._connections = opening, connections
        self._under_way: dict[Future[SendResult], UploadRequest] = {}
        self._troubles = 0  # since the last success; what was under way at the same time is one
        self._fresh: set[UploadRequest] = set()  # sent since the last trouble

    def run(self) -> None:
        try:
            while self._packer or self._under_way:
                self._context.ensure_state(State.SENDING)
                self._show_pace()
                self._send_some()
                self._read_back.poll()
                if self._under_way:
                    self._harvest(self._finished())
        finally:
            self._write_down_the_rest()

    def _show_pace(self) -> None:
        level, upload = self._pace.level, self._upload
        if level != (upload.pace_records, upload.pace_connections):
            upload.update_fields(pace_records=level.records, pace_connections=level.connections)

    def _send_some(self) -> None:
        requests = list[UploadRequest]()
        while self._packer and len(self._under_way) + len(requests) < self._most_under_way:
            if request := self._packer.next(self._pace.level.records):
                requests.append(request)
        if chunks := [chunk.pk for request in requests for chunk in request.chunks]:
            entries = Chunk.objects.filter(pk__in=chunks)
            entries.update(attempts=F("attempts") + 1, state=ChunkState.SENDING)
        self._fresh.update(requests)
        for request in requests:
            body = self._opening.submit(request.body)
            sending = self._connections.submit(_send, self._context, self._client, self._pace, request, body)
            self._under_way[sending] = request

    @property
    def _most_under_way(self) -> int:
        """Those that wait behind others counted along."""
        connections = self._pace.level.connections
        return connections * AHEAD if connections > 1 else connections

    def _finished(self) -> list[tuple[UploadRequest, SendResult]]:
        """At least one that is answered."""
        while not wait(self._under_way, timeout=SIGN_OF_LIFE, return_when=FIRST_COMPLETED).done:
            self._context.lease.renew()
        if self._pace.level.connections > 1:
            time.sleep(GATHER)
        done = [future for future in self._under_way if future.done()]
        found = [(self._under_way.pop(future), future) for future in done]
        found.sort(key=lambda each: each[0].chunks[0].index)
        return [(request, future.result()) for request, future in found]

    def _harvest(self, answers: Sequence[tuple[UploadRequest, SendResult]]) -> None:
        accepted = [chunk for request, answer in answers if answer.error is None for chunk in request.chunks]
        _accepted(self._upload, accepted)
        self._read_back.accepted(accepted)
        for request, answer in answers:
            if answer.error is None:
                self._troubles = 0
                self._pace.accepted(request.turn, request.records, answer.seconds)
            elif isinstance(answer.error, errors.InvalidRequest):
                self._refused(request, answer.error)
            elif isinstance(answer.error, errors.TryAgain):
                self._again(request, answer.error)
            else:
                raise answer.error

    def _refused(self, request: UploadRequest, refusal: errors.InvalidRequest) -> None:
        if errors.is_too_large(refusal):
            self._pace.troubled(request.turn, request.records, refusal)
            self._call_back()
        self._packer.refused(request, refusal)

    def _again(self, request: UploadRequest, error: errors.TryAgain) -> None:
        """Later, and less at a time; raises the error when that has been tried often enough, or has to wait long."""
        self._packer.put_back([request])
        if request not in self._fresh:
            return
        self._fresh.clear()
        self._pace.troubled(request.turn, request.records, error)
        self._call_back()
        self._troubles += 1
        pause = max(BACK_OFF[min(self._troubles, len(BACK_OFF)) - 1], error.retry_after or 0)
        if self._troubles > len(BACK_OFF) or pause > LONGEST_WAIT:
            raise error
        self._pace.rest(pause)
        self._context.lease.rest(pause)

    def _call_back(self) -> None:
        """What waits behind others waits again as if it had never been handed out."""
        requests = [
            self._under_way.pop(future)
            for future, request in list(self._under_way.items())
            if future.cancel() or self._pace.call_back(request.turn)
        ]
        entries = Chunk.objects.filter(pk__in=[chunk.pk for each in requests for chunk in each.chunks])
        entries.update(attempts=F("attempts") - 1, state=ChunkState.WAITING)
        self._packer.put_back(requests)

    def _write_down_the_rest(self) -> None:
        """What is on its way cannot be called back: its answers count, whatever has happened."""
        self._call_back()
        answers = [(request, future) for future, request in self._under_way.items()]
        wait([future for _, future in answers])
        accepted = [r for r, future in answers if not future.exception() and not future.result().error]
        _accepted(self._upload, [chunk for request in accepted for chunk in request.chunks])


def _send(
    context: StepContext, client: AuroraX, pace: SharedPace, request: UploadRequest, opened: "Future[bytes]"
) -> SendResult:
    """In a thread of its connection: it touches neither the database nor anything that others change. What it sends is
    taken from storage by another thread, while the connection still waits for the answer to what went before.
    """
    body = context.named(opened.result())
    if not pace.wait_for(request.turn):
        return SendResult(0.0)  # it was called back: nobody asks
    began = time.monotonic()
    error = None
    try:
        context.kind.upload(client, context.source, body)
    except errors.AuroraXError as problem:
        error = problem
    finally:
        pace.end()
    return SendResult(time.monotonic() - began, error)


def _accepted(upload: Upload, chunks: Iterable[Chunk]) -> None:
    accepted = list(chunks)
    if not accepted:
        return
    upload.sent += sum(chunk.to_send for chunk in accepted)
    with transaction.atomic():  # the count on the page is never another than the ledger's
        Chunk.objects.filter(pk__in=[chunk.pk for chunk in accepted]).update(state=ChunkState.ACCEPTED)
        Upload.objects.filter(pk=upload.pk).update(sent=upload.sent)
