"""Data product records: upload, search, delete. (API document: Manage Data, Data Products Search)"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter

import msgspec
import requests

from apps.aurorax.answers import LazyRecords, record_of
from apps.aurorax.records import DataProductRecord, DataSource
from apps.aurorax.records.rows import DataProductHead, DataProductRow
from apps.aurorax.searching import RecordSearch, rows_of, unread_of
from apps.aurorax.sources import PATH
from apps.aurorax.transport import Effect, Transport
from apps.aurorax.uploading import upload

AT_ONCE = timedelta(days=3652)  # API document: ten years is the longest synchronous data product search


class Products:
    """`AuroraX(...).products`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._search = RecordSearch(transport, "data_products", AT_ONCE)

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
        upload(self._transport, f"{PATH}/{identifier:d}/data_products", body, source)

    def search(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Iterator[DataProductRecord]:
        """The records of `source` that lie wholly within `start` and `end`, by start; `types` keeps only those types.

        A record that overlaps an edge is not found, so a long search is not cut into windows: it would lose records
        at every cut. Beyond ten years it goes by the asynchronous search, which has no limit.
        """
        rows = chain.from_iterable(self.windows(source, start, end, types=types))
        yield from (record_of(_record, row) for row in rows)

    def found(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Sequence[DataProductRecord]:
        """The same as a sequence, for a span of which only a part will be looked at."""
        if start > end:
            return []
        parts = unread_of(source, self._answer(source, start, end, types), DataProductHead)
        parts.sort(key=lambda part: (str(part[0].start), str(part[0].url)))
        return LazyRecords(_read, [row for _, row in parts])

    def windows(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Iterator[list[DataProductRow]]:
        """The same records as `search` finds, as the API writes them: one window, for the same reason."""
        if start > end:
            return
        rows = rows_of(source, self._answer(source, start, end, types), DataProductRow)
        rows.sort(key=attrgetter("start", "url"))
        yield rows

    def delete(self, source: DataSource, urls: Sequence[str]) -> None:
        """Delete the records with these URLs. Without URLs nothing is sent. Never sent twice, as for ephemeris."""
        if not urls:
            return
        body = {**source.key, "urls": list(urls)}
        self._transport.send("DELETE", f"{PATH}/{source.identifier:d}/data_products", Effect.ONCE, json=body)

    def _answer(
        self, source: DataSource, start: datetime, end: datetime, types: Sequence[str]
    ) -> requests.Response:
        filters = {"data_product_type_filters": list(types)} if types else {}
        return self._search.answer(source, start, end, **filters)


def _read(row: msgspec.Raw) -> DataProductRecord:
    return DataProductRecord.from_api(msgspec.json.decode(row))


def _record(row: DataProductRow) -> DataProductRecord:
    return DataProductRecord.from_api(msgspec.to_builtins(row))
