"""The list of all data sources, remembered. AuroraX cannot be asked for a page of it, nor for the sources somebody maintains.

Why it is kept as long as it is: docs/decisions/0025-the-list-of-all-is-remembered.md.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from apps.aurorax import errors
from apps.aurorax.answer_cache import SECONDS, AnswerCache
from apps.aurorax.answers import objects_of, records_of
from apps.aurorax.records import ListedSource
from apps.aurorax.transport import Transport

ALL = {"format": "full_record"}  # of the four formats the only one that has owner and maintainers
WORTH = 60  # times as long as AuroraX took is an answer kept, if that is more than half a minute
LONGEST = 10 * 60  # seconds


class _Kept(NamedTuple):
    """`rows` are encoded; `position` is that of the log of writes before AuroraX was asked, `until` the end by the clock."""

    position: int
    until: float
    rows: bytes


class Directory:
    """Everybody's data sources, as one credential sees them. `path` is that of the list, `read` reads one from AuroraX."""

    def __init__(
        self, transport: Transport, path: str, memory: AnswerCache, read: Callable[[int], ListedSource]
    ) -> None:
        self._transport = transport
        self._path = path
        self._memory = memory
        self._read = read

    def listed(self) -> list[ListedSource]:
        """By identifier, without hidden ones. What the portal has written since is read again, one by one."""
        position = self._memory.log.position()
        remembered = self.remembered()
        return self._ask(position) if remembered is None else remembered

    def remembered(self) -> list[ListedSource] | None:
        """The same, unless AuroraX would have to be asked for all of it."""
        position = self._memory.log.position()
        kept: _Kept | None = self._memory.recall(self._path)
        written = self._memory.log.since(kept.position) if kept else None
        if kept is None or written is None:
            return None
        rows = msgspec.msgpack.decode(kept.rows, type=list[ListedSource])
        if not written:
            return rows
        return self._keep(self._renewed(rows, written), position, kept.until)

    def _ask(self, position: int) -> list[ListedSource]:
        began = time.monotonic()
        found = records_of(ListedSource.from_api, objects_of(self._transport.get(self._path, ALL)))
        took = time.monotonic() - began
        seconds = max(SECONDS, min(WORTH * took, LONGEST)) if SECONDS else 0
        return self._keep(found, position, time.time() + seconds)

    def _keep(self, found: Iterable[ListedSource], position: int, until: float) -> list[ListedSource]:
        rows = sorted((each for each in found if each.identifier >= 0), key=lambda each: each.identifier)
        kept = _Kept(position, until, msgspec.msgpack.encode(rows))
        self._memory.keep(self._path, kept, until - time.time())
        return rows

    def _renewed(self, rows: list[ListedSource], written: set[int]) -> list[ListedSource]:
        again = [row for row in rows if row.identifier not in written]
        for identifier in written:
            try:
                again.append(self._read(identifier))
            except errors.NotFound:
                continue
        return again
