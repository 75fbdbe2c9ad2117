"""How much is sent at once: records in a request, and requests under way.

Begins as politely as PyAuroraX and doubles the one, then the other, for as long as that makes sending faster; takes half a
step back where AuroraX cannot keep up (decision 23).
"""

import statistics
from typing import NamedTuple

from django.conf import settings

from apps.uploads.models import PaceCeiling

POLITE_RECORDS = 500  # as PyAuroraX sends, over one connection
USUAL_RECORDS = 2_000  # of a chunk, where AuroraX is not the real one
SLOW = 5.0  # seconds for an answer
# Answers before more is tried: at first, after a step back, and after a doubling was for nothing.
ENOUGH, AFTER_TROUBLE, LATER = 3, 20, 40
# How many times as fast a doubling has to make it; else it is taken back. Another connection costs AuroraX more than a
# larger request does.
RECORDS_GAIN, CONNECTIONS_GAIN = 1.05, 1.25


class Level(NamedTuple):
    """Records of a request at most, and requests at once."""

    records: int
    connections: int


class PaceBounds(NamedTuple):
    """Where to begin, and how far to go. What is the same in both was fixed by a setting."""

    start: Level
    most: Level


def chunk_records() -> int:
    """By how many records a file is compared and read back: a request carries several chunks, or a part of one."""
    usual = POLITE_RECORDS if settings.POLITE else USUAL_RECORDS
    fixed = settings.UPLOAD_PACE or settings.UPLOAD_PACE_MOST
    return settings.UPLOAD_CHUNK_RECORDS or min(usual, fixed[0])


def bounds(host: str) -> PaceBounds:
    """As the settings say, and no more than was too much today; what is fixed is left to whoever has fixed it."""
    if fixed := settings.UPLOAD_PACE:
        return PaceBounds(Level(*fixed), Level(*fixed))
    most, ceiling = Level(*settings.UPLOAD_PACE_MOST), PaceCeiling.of(host)
    if ceiling:
        most = Level(min(most.records, ceiling.records), min(most.connections, ceiling.connections))
    records = settings.UPLOAD_CHUNK_RECORDS or most.records
    connections = settings.UPLOAD_CONNECTIONS or most.connections
    start = Level(
        settings.UPLOAD_CHUNK_RECORDS or min(POLITE_RECORDS, records), settings.UPLOAD_CONNECTIONS or 1
    )
    return PaceBounds(start, Level(records, connections))


class AdaptivePace:
    """Finds the level by what AuroraX answers. Knows neither threads nor the database."""

    def __init__(self, found: PaceBounds) -> None:
        self._fixed_connections = found.start.connections == found.most.connections
        self._start, self.most = found
        self.level = self._start
        self._seconds: list[float] = []  # for a record, of full requests at this level
        self._patience = self._enough = ENOUGH
        self._before: tuple[Level, float] | None = None  # the level below, and its records a second
        self._grows_records = self._grows_connections = True

    def accepted(self, level: Level, records: int, seconds: float) -> None:
        """A request of so many records, sent at this level, was answered after so many seconds."""
        if seconds > SLOW:
            self.step_back(level)
        elif level == self.level and 2 * records >= level.records:
            self._seconds.append(max(seconds, 1e-6) / records)
            if len(self._seconds) >= max(self._enough, level.connections):
                self._judge()

    def step_back(self, level: Level) -> None:
        """A request at this level was answered slowly, wrongly or not at all: half as much, until it goes well for a while."""
        records, connections = self._start.records, level.connections // 2
        self._set(max(records, min(self.level.records, level.records // 2)), connections)

    def cannot_keep_up(self, level: Level) -> None:
        """AuroraX answered at this level that it cannot keep up: half as many at once, and from now on no more than that.
        The size stays: fewer requests are what it asks for.
        """
        connections = max(min(self.level.connections, level.connections // 2), 1)
        if level.connections > 1 and not self._fixed_connections:
            self.most = self.most._replace(connections=min(self.most.connections, connections))
        self._set(self.level.records, connections)

    def too_large(self, records: int) -> None:
        """A request of so many records was too large, and so will others be."""
        most = max(min(self.most.records, records // 2), 1)
        self.most = self.most._replace(records=most)
        self._start = self._start._replace(records=min(self._start.records, most))
        self._set(min(self.level.records, most), self.level.connections)

    def _set(self, records: int, connections: int) -> None:
        self.level = Level(records, max(min(connections, self.level.connections), 1))
        self._seconds.clear()
        self._before, self._patience, self._enough = None, AFTER_TROUBLE, AFTER_TROUBLE
        self._grows_records = self._grows_connections = True

    def _judge(self) -> None:
        """Whether the last step was worth it; then the next."""
        rate = self.level.connections / statistics.median(self._seconds)
        self._seconds.clear()
        if self._is_worse(rate) and self._before:
            self._take_back(self._before[0])
        else:
            self._before = self.level, rate
        self._grow()

    def _is_worse(self, rate: float) -> bool:
        if not self._before or self._before[0] == self.level:
            return False
        before, its_rate = self._before
        return rate < its_rate * self._gain(before)

    def _gain(self, before: Level) -> float:
        """What the step from there had to bring. What is fixed was left for a while, and is simply taken up again."""
        if before.records != self.level.records:
            return RECORDS_GAIN
        return 0.0 if self._fixed_connections else CONNECTIONS_GAIN

    def _take_back(self, before: Level) -> None:
        if before.records != self.level.records:
            self._grows_records = False
        else:
            self._grows_connections = False
        self.level = before

    def _grow(self) -> None:
        records, connections = self.level
        self._enough = self._patience
        if self._grows_records and records < self.most.records:
            self.level = Level(min(2 * records, self.most.records), connections)
        elif self._grows_connections and connections < self.most.connections:
            self.level = Level(records, min(2 * connections, self.most.connections))
        else:
            self._enough = LATER
            self._grows_records = self._grows_connections = True
