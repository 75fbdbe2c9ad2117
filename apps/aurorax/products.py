"""Data product records: upload, search, delete. (API document: Manage Data, Data Products Search)"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from apps.aurorax import times
from apps.aurorax.answers import LazyRecords, record_of
from apps.aurorax.records import DataProductRecord, DataSource
from apps.aurorax.records.rows import DataProductRow
from apps.aurorax.searching import RecordSearch, Row, criteria, typed_rows_of
from apps.aurorax.sources import PATH
from apps.aurorax.transport import Effect, Transport
from apps.aurorax.uploading import upload

AT_ONCE = timedelta(days=3652)  # API document: ten years is the longest synchronous data product search


class Products:
    """`AuroraX(...).products`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._search = RecordSearch(transport, "data_products")

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
        rows = self._rows(source, start, end, types)
        yield from (record_of(DataProductRecord.from_api, row) for row in rows)

    def found(
        self, source: DataSource, start: datetime, end: datetime, *, types: Sequence[str] = ()
    ) -> Sequence[DataProductRecord]:
        """The same as a sequence, for a span of which only a part will be looked at."""
        return LazyRecords(DataProductRecord.from_api, self._rows(source, start, end, types))

    def windows(self, source: DataSource, start: datetime, end: datetime) -> Iterator[list[DataProductRow]]:
        """The same records as `search` finds, as the API writes them: one window, for the same reason."""
        if start > end:
            return
        by = self._search.answer_at_once if _is_short(start, end) else self._search.answer_by_request
        rows = typed_rows_of(source, by(_query(source, start, end)), DataProductRow)
        rows.sort(key=attrgetter("start", "url"))
        yield rows

    def delete(self, source: DataSource, urls: Sequence[str]) -> None:
        """Delete the records with these URLs. Without URLs nothing is sent. Never sent twice, as for ephemeris."""
        if not urls:
            return
        body = {**source.key, "urls": list(urls)}
        self._transport.send("DELETE", f"{PATH}/{source.identifier:d}/data_products", Effect.ONCE, json=body)

    def _rows(self, source: DataSource, start: datetime, end: datetime, types: Sequence[str]) -> list[Row]:
        if start > end:
            return []
        query = _query(source, start, end)
        if types:
            query["data_product_type_filters"] = list(types)
        by = self._search.at_once if _is_short(start, end) else self._search.by_request
        rows = by(query, source)
        return sorted(rows, key=_start)


def _query(source: DataSource, start: datetime, end: datetime) -> dict[str, Any]:
    return {"data_sources": criteria(source), "start": times.write(start), "end": times.write(end)}


def _is_short(start: datetime, end: datetime) -> bool:
    return end - start <= AT_ONCE


def _start(row: Row) -> tuple[str, str]:
    return str(row.get("start")), str(row.get("url"))
