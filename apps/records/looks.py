"""Looking at what AuroraX holds right before something is done to it.

AuroraX has no conditional writes: what is looked at right before, and left alone if it is another by then, is as near to
them as one can come. Several looks are on their way while the answer to one is acted upon; one that has waited too long for
its turn is made again.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from threading import Event
from typing import Generic, Protocol, TypeVar

from django.conf import settings

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.times import TimeSpan
from apps.jobs.prefetch import batched, map_ahead
from apps.records.types import RecordRow, RecordType

FRESH = 60.0  # seconds after which nothing more is done without another look (decision 8)
KEYS = 500  # of one request that deletes, unless settings say how many records a request has


class HasSpan(Protocol):
    """What lies in a span of time, from its first moment to its last, both inclusive."""

    @property
    def span(self) -> TimeSpan:
        """The span."""


class RecordAccess(Protocol):
    """Somebody's way to the records of one type of a data source."""

    @property
    def kind(self) -> RecordType:
        """The type."""

    @property
    def client(self) -> AuroraX:
        """AuroraX, under their credential."""

    @property
    def source(self) -> DataSource:
        """The data source as it is now."""


Item = TypeVar("Item", bound=HasSpan)
Deleted = TypeVar("Deleted")


@dataclass(frozen=True)
class HeldRecords(Generic[Item]):
    """What AuroraX holds in the span of `item`, as it was `asked` for (by the monotonic clock); read when it is wanted."""

    item: Item
    asked: float
    read: Callable[[], Iterator[RecordRow]]

    @property
    def is_fresh(self) -> bool:
        """Whether something may still be done because of it."""
        return time.monotonic() - self.asked < FRESH


def look_at(access: RecordAccess, item: Item, client: AuroraX | None = None) -> HeldRecords[Item]:
    """Look now. Raises `errors.AuroraXError`."""
    kind, client, source = access.kind, client or access.client, access.source
    asked = time.monotonic()
    windows = kind.windows(client, source, [item.span])
    found = [kind.search_window(client, source, window) for window in windows]
    return HeldRecords(item, asked, lambda: chain.from_iterable(read() for read in found))


def looks_at(
    access: RecordAccess,
    items: Iterable[Item],
    *,
    waiting: Callable[[], object],
    failed: Callable[[Exception, int], object] | None = None,
) -> Iterator[HeldRecords[Item]]:
    """A look at each, in their order, `settings.AURORAX_SEARCHES_AT_ONCE` at once. `waiting` and `failed` as for
    `read_windows`. Raises `errors.AuroraXError`.
    """
    stop = Event()
    client = access.client.stopped_by(stop)
    at_once = settings.AURORAX_SEARCHES_AT_ONCE
    return map_ahead(
        lambda item: look_at(access, item, client), items, at_once, waiting=waiting, failed=failed, stop=stop
    )


def in_requests(kind: RecordType, runs: Iterable[list[Deleted]]) -> Iterator[list[Deleted]]:
    """What is deleted with one request each: a run with nothing between its records, however long; where AuroraX deletes by
    key, as many as are politely uploaded at once.
    """
    if not kind.deletes_by_key:
        return iter(runs)
    return batched(chain.from_iterable(runs), settings.UPLOAD_CHUNK_RECORDS or KEYS)
