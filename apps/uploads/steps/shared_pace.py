"""The pace towards one AuroraX, shared by all uploads of this process that are being sent there."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from apps.aurorax import errors
from apps.uploads.models import PaceCeiling
from apps.uploads.steps.pace import AdaptivePace, Level, bounds


class Turn:
    """Of one request: whether it is under way, or will not be."""

    def __init__(self) -> None:
        self.level: Level | None = None  # when it came
        self.is_called_back = False


class SharedPace:
    """Together these uploads have no more requests under way than the pace says, and take turns in the order in which they
    asked.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._changed = threading.Condition()
        self._queue: deque[Turn] = deque()
        self._under_way = self._uploads = 0
        self._rests_until = 0.0
        self._pace: AdaptivePace

    @property
    def level(self) -> Level:
        """As it is now."""
        return self._pace.level

    @property
    def most_connections(self) -> int:
        """How many there may come to be."""
        return self._pace.most.connections

    def wait_for(self, turn: Turn) -> bool:
        """Wait until a request may go; False where it has been called back. Whoever gets it ends it with `end`."""
        with self._changed:
            self._queue.append(turn)
            while not (turn.is_called_back or self._is_next(turn)):
                rest = self._rests_until - time.monotonic()
                self._changed.wait(rest if rest > 0 else None)
            self._queue.remove(turn)
            if not turn.is_called_back:
                turn.level = self._pace.level
                self._under_way += 1
            self._changed.notify_all()
        return not turn.is_called_back

    def end(self) -> None:
        """A request has been answered."""
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def call_back(self, turn: Turn) -> bool:
        """Whether a request has not gone yet, and now never will."""
        with self._changed:
            turn.is_called_back = turn.level is None
            self._changed.notify_all()
        return turn.is_called_back

    def rest(self, seconds: float) -> None:
        """Let nothing more go for so long."""
        with self._changed:
            self._rests_until = max(self._rests_until, time.monotonic() + seconds)

    def accepted(self, turn: Turn, records: int, seconds: float) -> None:
        """A request of so many records was accepted."""
        with self._changed:
            self._pace.accepted(turn.level or self.level, records, seconds)
            self._changed.notify_all()

    def troubled(self, turn: Turn, records: int, error: errors.AuroraXError) -> None:
        """A request of so many records was not answered as it should be."""
        with self._changed:
            most, level = self._pace.most, turn.level or self.level
            if errors.is_too_large(error):
                self._pace.too_large(records)
            elif errors.cannot_keep_up(error):
                self._pace.cannot_keep_up(level)
            else:
                self._pace.step_back(level)
            learned = self._pace.most
        if learned != most and not settings.UPLOAD_PACE:
            PaceCeiling.lower(self._host, records=learned.records, connections=learned.connections)

    def _is_next(self, turn: Turn) -> bool:
        is_free = self._under_way < self._pace.level.connections and time.monotonic() >= self._rests_until
        return is_free and self._queue[0] is turn

    @contextmanager
    def joined(self) -> Iterator["SharedPace"]:
        """For one upload that is being sent. The first one begins politely again."""
        found = bounds(self._host)
        with self._changed:
            if not self._uploads:
                self._pace = AdaptivePace(found)
            self._uploads += 1
        try:
            yield self
        finally:
            with self._changed:
                self._uploads -= 1


_paces: dict[str, SharedPace] = {}
_lock = threading.Lock()


def pace_of(host: str) -> SharedPace:
    """That of an AuroraX, by its address."""
    with _lock:
        return _paces.setdefault(host, SharedPace(host))
