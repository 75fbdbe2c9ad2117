"""Data product records: upload, search, delete. (API document: Manage Data, Data Products Search)"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from operator import attrgetter

import msgspec
import requests

from apps.aurorax import times
from apps.aurorax.answers import LazyRecords, record_of
from apps.aurorax.overlaps import AT_ONCE, LongProducts, touches
from apps.aurorax.records import DataProductRecord, DataSource
from apps.aurorax.records.rows import DataProductHead, DataProductRow
from apps.aurorax.searching import RecordSearch, rows_of, unread_of
from apps.aurorax.sources import PATH
from apps.aurorax.transport import Effect, Transport
from apps.aurorax.uploading import upload

Part = tuple[DataProductHead, msgspec.Raw]


class FoundProducts(LazyRecords[Part, DataProductRecord]):
    """Data products by start, each read when it is asked for."""

    def begun_before(self, moment: datetime) -> int:
        """How many of them start before `moment`: none has to be read for it."""
        return bisect_left(self._rows, times.write(moment), key=lambda part: str(part[0].start))


class Products:
    """`AuroraX(...).products`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._search = RecordSearch(transport, "data_products", AT_ONCE)
        self._long = LongProducts(transport, self._search)

    def upload(
        self,
        identifier: int,
        body: bytes | Sequence[DataProductRecord],
        *,
        source: DataSource | None = None,
    ) -> None:
        """Upload records, or a JSON array that is ready to send. A record with the same URL is replaced.

        Taken in later, and refused, as for ephemeris: see `Ephemeris.upload`.
        """
        self._long.forget(identifier)
        upload(self._transport, f"{PATH}/{identifier:d}/data_products", body, source)

    def search(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Iterator[DataProductRecord]:
        """The records of `source` that lie wholly within `start` and `end`, by start; `types` keeps only those types.

        A record that overlaps an edge is not found (`found` and `touching` find those too), so a long search is not cut
        into windows: it would lose records at every cut. Beyond ten years it goes by the asynchronous search, which has no limit.
        """
        rows = chain.from_iterable(self.windows(source, start, end, types=types))
        yield from (record_of(_record, row) for row in rows)

    def found(
        self,
        source: DataSource,
        start: datetime,
        end: datetime,
        *,
        types: Sequence[str] = (),
        refresh: bool = False,
    ) -> FoundProducts:
        """The records of `source` that touch `start` to `end`, by start, each once, however long: also those that begin
        before or end after. As a sequence, of which only a part will be looked at.

        Costs one search for all of a source's products where they are few. Else one for two days more on both sides, one
        more where there are longer products, and one for all, by which long ones are known: made again with `refresh`, or remembered
        for five minutes.
        """
        if start > end:
            return FoundProducts(_read, [])
        first, last = times.write(start), times.write(end)
        asked = self._long.searches(source, start, end, types, refresh=refresh)
        parts = {
            head.url if isinstance(head.url, str) else bytes(row): (head, row)
            for each in asked
            for head, row in unread_of(source, self._answer(source, *each), DataProductHead)
            if touches(head, first, last)
        }
        ordered = sorted(parts.values(), key=lambda part: (str(part[0].start), str(part[0].url)))
        return FoundProducts(_read, ordered)

    def touching(self, source: DataSource, start: datetime, end: datetime) -> list[DataProductRow]:
        """The same as the API writes them, looked for again."""
        if start > end:
            return []
        first, last = times.write(start), times.write(end)
        asked = self._long.searches(source, start, end, (), refresh=True)
        rows = {
            row.url: row
            for each in asked
            for row in rows_of(source, self._answer(source, *each), DataProductRow)
            if touches(row, first, last)
        }
        return sorted(rows.values(), key=attrgetter("start", "url"))

    def windows(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Iterator[list[DataProductRow]]:
        """The same records as `search` finds, as the API writes them: one window, for the same reason."""
        if start <= end:
            yield self.window(source, start, end, types)()

    def window(
        self, source: DataSource, start: datetime, end: datetime, types: Sequence[str] = ()
    ) -> Callable[[], list[DataProductRow]]:
        """One search. It is made now; what it has found is read when that is called for."""
        return partial(_rows, source, self._answer(source, start, end, types))

    def delete(self, source: DataSource, urls: Sequence[str]) -> None:
        """Delete the records with these URLs. Without URLs nothing is sent. Never sent twice, as for ephemeris."""
        if not urls:
            return
        self._long.forget(source.identifier)
        body = {**source.key, "urls": list(urls)}
        self._transport.send(
            "DELETE", f"{PATH}/{source.identifier:d}/data_products", Effect.NOT_IDEMPOTENT, json=body
        )

    def _answer(
        self, source: DataSource, start: datetime, end: datetime, types: Sequence[str]
    ) -> requests.Response:
        filters = {"data_product_type_filters": list(types)} if types else {}
        return self._search.answer(source, start, end, **filters)


def _rows(source: DataSource, answer: requests.Response) -> list[DataProductRow]:
    rows = rows_of(source, answer, DataProductRow)
    rows.sort(key=attrgetter("start", "url"))
    return rows


def _read(part: Part) -> DataProductRecord:
    return DataProductRecord.from_api(msgspec.json.decode(part[1]))


def _record(row: DataProductRow) -> DataProductRecord:
    return DataProductRecord.from_api(msgspec.to_builtins(row))
