"""Ephemeris records: upload, search, delete. (API document: Manage Data, Ephemeris Search)"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from apps.aurorax import times
from apps.aurorax.answers import LazyRecords, record_of, texts_of
from apps.aurorax.records import DataSource, EphemerisRecord
from apps.aurorax.records.rows import EphemerisRow
from apps.aurorax.searching import RecordSearch, Row, criteria, typed_rows_of
from apps.aurorax.sources import PATH
from apps.aurorax.transport import Effect, Transport
from apps.aurorax.uploading import upload

AT_ONCE = timedelta(days=2)  # API document: the longest synchronous ephemeris search


class Ephemeris:
    """`AuroraX(...).ephemeris`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._search = RecordSearch(transport, "ephemeris")

    def upload(
        self,
        identifier: int,
        body: bytes | Sequence[EphemerisRecord],
        *,
        source: DataSource | None = None,
    ) -> None:
        """Upload records, or a JSON array that is ready to send. A record with the same epoch is replaced.

        AuroraX accepts at once and takes the records in later (documentation: some faults are never reported), so a
        return is no proof that they arrived. Records, unlike bytes, need `source`. Raises `errors.InvalidRequest` with
        `rows` when AuroraX names records it refuses.
        """
        upload(self._transport, f"{PATH}/{identifier:d}/ephemeris", body, source)

    def search(self, source: DataSource, start: datetime, end: datetime) -> Iterator[EphemerisRecord]:
        """The records of `source` from `start` to `end`, both inclusive, in time order.

        Read in windows of at most a month, one after the other as they are used up: a long search holds one window.
        Raises `errors.SearchFailed`, and ValueError for times without zone.
        """
        for first, last in times.months(start, end):
            yield from (record_of(EphemerisRecord.from_api, row) for row in self._window(source, first, last))

    def found(self, source: DataSource, start: datetime, end: datetime) -> Sequence[EphemerisRecord]:
        """The same as a sequence, for a short range of which only a part will be looked at."""
        windows = times.months(start, end)
        rows = [row for first, last in windows for row in self._window(source, first, last)]
        return LazyRecords(EphemerisRecord.from_api, rows)

    def windows(self, source: DataSource, start: datetime, end: datetime) -> Iterator[list[EphemerisRow]]:
        """The same records as `search` finds, as the API writes them, one window after the other as they are used up."""
        for first, last in times.months(start, end):
            query = _query(source, first, last)
            by = self._search.answer_at_once if _is_short(first, last) else self._search.answer_by_request
            rows = typed_rows_of(source, by(query), EphemerisRow)
            rows.sort(key=attrgetter("epoch"))
            yield rows

    def delete(self, source: DataSource, start: datetime, end: datetime) -> None:
        """Ask AuroraX to delete the records from `start` to `end`, both inclusive; it does so some time later.

        Never sent twice: a second deletion could catch up with records restored after the first.
        """
        body = {**source.key, "start": times.write(start), "end": times.write(end)}
        self._transport.send("DELETE", f"{PATH}/{source.identifier:d}/ephemeris", Effect.ONCE, json=body)

    def delete_jobs(self, identifier: int) -> list[str]:
        """The deletions of the last hour or so, as AuroraX names them; what the names tell is written nowhere."""
        return texts_of(self._transport.get(f"{PATH}/{identifier:d}/ephemeris/delete_jobs"))

    def _window(self, source: DataSource, first: datetime, last: datetime) -> list[Row]:
        by = self._search.at_once if _is_short(first, last) else self._search.by_request
        rows = by(_query(source, first, last), source)
        rows.sort(key=_epoch)
        return rows


def _query(source: DataSource, first: datetime, last: datetime) -> dict[str, Any]:
    return {"data_sources": criteria(source), "start": times.write(first), "end": times.write(last)}


def _is_short(first: datetime, last: datetime) -> bool:
    return last - first <= AT_ONCE


def _epoch(row: Row) -> str:
    return str(row.get("epoch"))
