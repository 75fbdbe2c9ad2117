"""What is to be sent, packed into requests: chunks one after the other, as many as a request may carry.

A chunk is what is compared and read back; of most of them little may be left to send.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from apps.aurorax import errors
from apps.records.types import RecordType
from apps.uploads import chunks
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.guard import Guard
from apps.uploads.steps.shared_pace import Turn

ALONE = 100  # refusals of one upload that are traced; halving must not become a flood when AuroraX refuses everything


@dataclass(eq=False)
class UploadRequest:
    """Chunks whose records go to AuroraX together. A part of what it has refused stays by itself."""

    chunks: Sequence[Chunk]
    is_part: bool = False
    turn: Turn = field(default_factory=Turn)

    @property
    def records(self) -> int:
        """How many it carries."""
        return sum(chunk.to_send for chunk in self.chunks)

    def body(self) -> bytes:
        """The JSON array, from storage."""
        if len(self.chunks) == 1:
            return self.chunks[0].sendable()
        return b"[" + b",".join(chunk.sendable()[1:-1] for chunk in self.chunks) + b"]"


class Packer:
    """The chunks of one upload that wait, and the parts of refused requests, which go first."""

    def __init__(self, context: StepContext, guard: Guard, waiting: Iterable[Chunk]) -> None:
        self._context, self._guard = context, guard
        self._waiting = deque(waiting)
        self._parts: deque[Sequence[Chunk]] = deque()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting or self._parts)

    def next(self, most: int) -> UploadRequest | None:
        """The next request, of so many records at most; None where nothing is left to send of what was next."""
        if self._parts:
            part = [chunk for chunk in self._parts.popleft() if self._guard.leave_out(chunk)]
            return UploadRequest(part, is_part=True) if part else None
        found, left = list[Chunk](), most
        while self._waiting and self._waiting[0].to_send <= left:
            chunk = self._waiting.popleft()
            if self._guard.leave_out(chunk):
                found.append(chunk)
                left -= chunk.to_send
        if not found and self._waiting:  # larger than a request may be by now
            self._waiting.extendleft(reversed(chunks.halve(self._waiting.popleft(), self._context.kind)))
        return UploadRequest(found) if found else None

    def put_back(self, requests: Iterable[UploadRequest]) -> None:
        """They wait again, before all others; what is no part may go in other company."""
        for request in sorted(requests, key=lambda each: each.chunks[0].index, reverse=True):
            if request.is_part:
                self._parts.appendleft(request.chunks)
            else:
                self._waiting.extendleft(reversed(request.chunks))

    def refused(self, request: UploadRequest, refusal: errors.InvalidRequest) -> None:
        """Its halves go in its place, until the refused records stand alone."""
        if errors.is_too_large(refusal) and request.records > 1:
            self._waiting.extendleft(reversed(request.chunks))
        else:
            self._parts.extendleft(reversed(halves(self._context, request.chunks, refusal)))


def halves(
    context: StepContext, refused: Sequence[Chunk], refusal: errors.InvalidRequest
) -> Sequence[Sequence[Chunk]]:
    """Requests to send in the place of one that AuroraX refuses: half its chunks each, or the halves of the only one.

    These are in the ledger before they are sent, so that a pause, a cancellation or a crash finds them there.
    """
    upload = context.upload
    if sum(chunk.to_send for chunk in refused) > 1 and _refusals(context) < ALONE:
        if len(refused) == 1:
            return [[half] for half in chunks.halve(refused[0], context.kind)]
        middle = len(refused) // 2
        return [refused[:middle], refused[middle:]]
    for chunk in refused:
        key = _key_alone(context.kind, chunk)
        Chunk.objects.filter(pk=chunk.pk).update(state=ChunkState.REFUSED, answer=refusal.message, key=key)
    upload.update_fields(refused=upload.refused + sum(chunk.to_send for chunk in refused))
    return []


def _refusals(context: StepContext) -> int:
    return context.upload.chunks.filter(state=ChunkState.REFUSED).count()


def _key_alone(kind: RecordType, chunk: Chunk) -> str:
    rows = kind.rows_of(chunk.sendable()) if chunk.to_send == 1 else []
    return kind.key(rows[0]) if rows else ""
