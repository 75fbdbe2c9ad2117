"""Reading back what AuroraX has accepted, while the rest is still being sent.

What is read back with equal values is proven, and is not read again. What is not there yet is looked at once more when
AuroraX has had the time that it was seen to need, and then left to verifying, which alone says that something is missing.
"""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event
from typing import Self

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.aurorax import errors
from apps.aurorax.durations import RecentDurations
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import Comparing, is_one_window, matched

TRY_AGAIN = 0.25  # seconds before it is asked again whether there is enough for a look
LONGER = 1.5  # times as long is waited as was too short
LOOKS = 2  # at a chunk, while others are being sent
SIGN_OF_LIFE = 1.0  # seconds between two, while the last answer is waited for
IN_PLACE = Comparing(whole_source=False)  # what was sent is looked for at its own time

Found = dict[
    int, set[int]
]  # places of the records that are there with equal values, by the key of their chunk


def ingestion(upload: Upload) -> RecentDurations:
    """How long AuroraX takes to show what it has accepted."""
    return RecentDurations("ingestion", upload.api_url, upload.kind)


def begin(upload: Upload) -> None:
    """Note when what was sent is looked at for the first time: what is written later may not be in what is said of it."""
    if upload.read_back_since is None:
        upload.update_fields(read_back_since=timezone.now())


def look_at(context: StepContext, chunks: Sequence[Chunk], how: Comparing) -> bool:
    """Look for all of these, and write down what is there; whether that is everything."""
    found, complete = Found(), True
    for window in matched(context, chunks, State.VERIFYING, how):
        for match in window.matches:
            if match.same:
                found.setdefault(match.at.chunk.pk, set()).add(match.at.place)
        complete = not write_down(context.upload, window.done, found) and complete
    return complete


def write_down(upload: Upload, chunks: Iterable[Chunk], found: Found) -> set[int]:
    """In the ledger how much of these is there; answers the keys of those of which something is lacking."""
    numbers = {chunk.pk: chunk.to_send - len(found.pop(chunk.pk, ())) for chunk in chunks}
    lacking = {pk: number for pk, number in numbers.items() if number}
    entries = Chunk.objects.filter(upload=upload, state=ChunkState.ACCEPTED)
    with transaction.atomic():
        proven = entries.filter(pk__in=numbers.keys() - lacking.keys())
        proven.update(state=ChunkState.VERIFIED, verified=F("to_send"))
        for pk, number in lacking.items():
            entries.filter(pk=pk).update(verified=F("to_send") - number)
    upload.update_fields(verified=count_verified(upload))
    return set(lacking)


def count_verified(upload: Upload) -> int:
    """How many records are there, by the ledger."""
    return upload.chunks.aggregate(total=Sum("verified"))["total"] or 0


@dataclass(frozen=True)
class _Accepted:
    """A chunk that AuroraX has accepted, when, and how often it has been looked at since."""

    chunk: Chunk
    at: float  # `time.monotonic`
    looks: int = 0


@dataclass(frozen=True)
class _Look:
    """A search for some of these, under way since `began`."""

    part: Sequence[_Accepted]
    future: "Future[Found]"
    began: float


class ReadBack:
    """Reads back a window at a time. It is called by the thread that sends, which alone writes the ledger; a thread of its
    own asks AuroraX.
    """

    def __init__(self, context: StepContext) -> None:
        self._stop = Event()
        self._context = replace(context, client=context.client.stopped_by(self._stop))
        self._upload = context.upload
        self._accepted: list[_Accepted] = []
        self._look: _Look | None = None
        self._tried = 0.0
        self._delay = ingestion(context.upload).shortest
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="reading back")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *raised: object) -> None:
        """What is being looked for is waited for, unless sending was broken off."""
        try:
            if kind is None and self._look:
                while not wait([self._look.future], SIGN_OF_LIFE).done:
                    self._context.ensure_state(State.SENDING)
                self._harvest(self._look)
        finally:
            self._stop.set()
            self._pool.shutdown(cancel_futures=True)

    def accepted(self, chunks: Iterable[Chunk]) -> None:
        """AuroraX has accepted these, and the ledger says so."""
        now = time.monotonic()
        self._accepted += [_Accepted(chunk, now) for chunk in chunks]

    def poll(self) -> None:
        """Write down what was found, and look for more."""
        if self._look and self._look.future.done():
            self._harvest(self._look)
        now = time.monotonic()
        if self._look or now - self._tried < TRY_AGAIN:
            return
        self._tried = now
        if part := self._next(now - self._delay):
            begin(self._upload)
            self._look = _Look(part, self._pool.submit(self._found, [each.chunk for each in part]), now)

    def _found(self, chunks: Sequence[Chunk]) -> Found:
        """In the other thread: without the database."""
        found = Found()
        with suppress(errors.AuroraXError):  # verifying asks again
            for window in matched(self._context, chunks, None, IN_PLACE):
                for match in window.matches:
                    if match.same:
                        found.setdefault(match.at.chunk.pk, set()).add(match.at.place)
        return found

    def _harvest(self, look: _Look) -> None:
        self._look = None
        lacking = write_down(self._upload, [each.chunk for each in look.part], look.future.result())
        late = [each for each in look.part if each.chunk.pk in lacking]
        for each in late:
            self._delay = max(self._delay, (look.began - each.at) * LONGER + TRY_AGAIN)
        self._accepted += [replace(each, looks=each.looks + 1) for each in late if each.looks + 1 < LOOKS]

    def _next(self, ripe: float) -> Sequence[_Accepted]:
        """Chunks that fill a window, of those accepted by then; nothing while there are too few for one."""
        part = list[_Accepted]()
        for each in sorted(self._accepted, key=lambda each: each.chunk.first):
            if each.at > ripe:
                continue
            if is_one_window(self._context, [each.chunk for each in (*part, each)]):
                part.append(each)
            elif part:
                taken = {each.chunk.pk for each in part}
                self._accepted = [each for each in self._accepted if each.chunk.pk not in taken]
                return part
        return []
