"""Which data products touch a span: AuroraX's search only knows those that lie wholly inside one.

A product touches a span when it starts before the span is over and ends after it has begun, both ends included. What is
not longer than `NEAR` is found by a search for that much more on both sides. What is longer can begin and end anywhere:
`LongProducts` knows the times and types of those, from a search for all products of the source. Then their types alone
are searched for, over as much as those that touch the span need. A source that has few products is read whole instead.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from django.core.cache import caches

from apps.aurorax import times
from apps.aurorax.records import DATA_PRODUCT_TYPES, DataSource, DataSourceStats
from apps.aurorax.records.rows import DataProductHead, DataProductRow
from apps.aurorax.searching import RecordSearch, unread_of
from apps.aurorax.sources import Sources
from apps.aurorax.transport import Transport

NEAR = timedelta(days=2)  # longer than nearly all products
AT_ONCE = timedelta(days=3652)  # API document: ten years is the longest synchronous data product search
FEW = 1_000  # products of a source that are read as fast as a part of them
MANY = 200_000  # products of a source that are not all read for a page
NEAR_IN_MANY = timedelta(days=32)  # for those a month on both sides has to do
FAR = timedelta(days=400)  # around what the statistics say: they may be older than the latest upload
REMEMBERED = 300  # seconds for which a look at all products of a source will do
SETTLING = (
    120  # seconds after a write through the portal in which it will not: AuroraX takes records in later
)
SECONDS = len("2020-01-01T00:00:00")
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


class Long(NamedTuple):
    """A product longer than `NEAR`."""

    start: datetime
    end: datetime
    type: str


class Asked(NamedTuple):
    """A search that has to be made: from when to when, and for which types (none: all)."""

    start: datetime
    end: datetime
    types: Sequence[str]


class LongProducts:
    """The products of a source that are longer than `NEAR`, out of all it has; remembered for a while."""

    def __init__(self, transport: Transport, search: RecordSearch) -> None:
        self._transport, self._search = transport, search

    def searches(
        self, source: DataSource, start: datetime, end: datetime, types: Sequence[str], *, refresh: bool
    ) -> list[Asked]:
        """What to ask for so that nothing that touches start to end is missed: one search, or two.

        With `refresh` all products are looked at again, and however many there are.
        """
        stats = source.stats or Sources(self._transport).get(source.identifier, include_stats=True).stats
        stats = stats or DataSourceStats()
        near, every = _around(start, end, types, NEAR), whole(stats)
        if stats.data_product_count <= FEW and every[1] - every[0] <= AT_ONCE:
            return [Asked(min(every[0], near.start), max(every[1], near.end), types)]
        if is_many(stats) and not refresh:
            return [_around(start, end, types, NEAR_IN_MANY)]
        touching = [
            each for each in self._of(source, stats, refresh) if each.start <= end and each.end >= start
        ]
        return [near, *_for_long(touching, types)]

    def forget(self, identifier: int) -> None:
        """The portal writes: nothing is remembered until AuroraX has had time to take it in."""
        caches["answers"].set(self._written(identifier), True, SETTLING)

    def _of(self, source: DataSource, stats: DataSourceStats, refresh: bool) -> list[Long]:
        key = self._key(source, stats)
        settling = caches["answers"].get(self._written(source.identifier))
        known: list[Long] | None = None if refresh or settling else caches["answers"].get(key)
        if known is None:
            known = self._look(source, stats)
            caches["answers"].set(key, known, REMEMBERED)
        return known

    def _look(self, source: DataSource, stats: DataSourceStats) -> list[Long]:
        answer = self._search.answer(source, *whole(stats))
        spans = (_span(head) for head, _ in unread_of(source, answer, DataProductHead))
        return [each for each in spans if each and each.end - each.start > NEAR]

    def _key(self, source: DataSource, stats: DataSourceStats) -> str:
        """For one credential, and only as long as AuroraX's statistics stay as they are."""
        credential = self._transport.credential
        asked = (
            self._transport.base_url,
            credential.secret if credential else "",
            source.identifier,
            stats.data_product_count,
            stats.earliest_data_product_loaded,
            stats.latest_data_product_loaded,
        )
        return f"aurorax-long-products:{blake2b(repr(asked).encode(), digest_size=20).hexdigest()}"

    def _written(self, identifier: int) -> str:
        return f"aurorax-products-written:{self._transport.base_url}:{identifier}"


def is_many(stats: DataSourceStats) -> bool:
    """Whether a source has so many products that a page does not look at all of them."""
    return stats.data_product_count > MANY


def whole(stats: DataSourceStats) -> tuple[datetime, datetime]:
    """A span that every product of a source lies inside."""
    now = datetime.now(UTC)
    earliest, latest = stats.earliest_data_product_loaded, stats.latest_data_product_loaded
    return _earlier(earliest or now, FAR), _later(latest or now, FAR)


def touches(product: DataProductHead | DataProductRow, start: str, end: str) -> bool:
    """Whether it has to do with start to end, all as AuroraX writes times, to the second; one that has no times is never
    left out.
    """
    begins, ends = product.start, product.end
    if not isinstance(begins, str) or not isinstance(ends, str):
        return True
    return begins[:SECONDS] <= end and ends[:SECONDS] >= start


def _span(product: DataProductHead) -> Long | None:
    try:
        return Long(times.parse(product.start), times.parse(product.end), str(product.data_product_type))
    except (TypeError, ValueError):
        return None


def _around(start: datetime, end: datetime, types: Sequence[str], near: timedelta) -> Asked:
    return Asked(_earlier(start, near), _later(end, near), types)


def _for_long(touching: Iterable[Long], types: Sequence[str]) -> list[Asked]:
    """One search over all of them that are of the types asked for; AuroraX filters only by types it knows."""
    wanted = [each for each in touching if not types or each.type in types]
    if not wanted:
        return []
    of = sorted({each.type for each in wanted})
    known = of if set(of) <= set(DATA_PRODUCT_TYPES) else types
    return [Asked(min(each.start for each in wanted), max(each.end for each in wanted), known)]


def _earlier(moment: datetime, by: timedelta) -> datetime:
    return moment - by if moment - EARLIEST > by else EARLIEST


def _later(moment: datetime, by: timedelta) -> datetime:
    return moment + by if LATEST - moment > by else LATEST
