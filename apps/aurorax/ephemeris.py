"""Ephemeris records: upload, search, delete. (API document: Manage Data, Ephemeris Search)"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from operator import attrgetter

import msgspec
import requests

from apps.aurorax import times
from apps.aurorax.answers import LazyRecords, record_of, texts_of
from apps.aurorax.records import DataSource, EphemerisRecord
from apps.aurorax.records.rows import EphemerisHead, EphemerisRow
from apps.aurorax.searching import RecordSearch, rows_of, unread_of
from apps.aurorax.sources import PATH
from apps.aurorax.transport import Effect, Transport
from apps.aurorax.uploading import upload

AT_ONCE = timedelta(days=2)  # API document: the longest synchronous ephemeris search


class Ephemeris:
    """`AuroraX(...).ephemeris`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._search = RecordSearch(transport, "ephemeris", AT_ONCE)

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
        rows = chain.from_iterable(self.windows(source, start, end))
        yield from (record_of(_record, row) for row in rows)

    def found(self, source: DataSource, start: datetime, end: datetime) -> Sequence[EphemerisRecord]:
        """The same as a sequence, for a short range of which only a part will be looked at."""
        parts = [
            part
            for first, last in times.months(start, end)
            for part in unread_of(source, self._search.answer(source, first, last), EphemerisHead)
        ]
        parts.sort(key=lambda part: str(part[0].epoch))
        return LazyRecords(_read, [row for _, row in parts])

    def windows(self, source: DataSource, start: datetime, end: datetime) -> Iterator[list[EphemerisRow]]:
        """The same records as `search` finds, as the API writes them, one window after the other as they are used up."""
        for first, last in times.months(start, end):
            yield self.window(source, first, last)()

    def window(self, source: DataSource, first: datetime, last: datetime) -> Callable[[], list[EphemerisRow]]:
        """One search, for a month at most. It is made now; what it has found is read when that is called for, because rows
        take several times as much memory as the answer they are in.
        """
        return partial(_rows, source, self._search.answer(source, first, last))

    def delete(self, source: DataSource, start: datetime, end: datetime) -> None:
        """Ask AuroraX to delete the records from `start` to `end`, both inclusive; it does so some time later.

        Never sent twice: a second deletion could catch up with records restored after the first.
        """
        body = {**source.key, "start": times.write(start), "end": times.write(end)}
        self._transport.send(
            "DELETE", f"{PATH}/{source.identifier:d}/ephemeris", Effect.NOT_IDEMPOTENT, json=body
        )

    def delete_jobs(self, identifier: int) -> list[str]:
        """The deletions of the last hour or so, as AuroraX names them; what the names mean is written nowhere."""
        return texts_of(self._transport.get(f"{PATH}/{identifier:d}/ephemeris/delete_jobs"))


def _rows(source: DataSource, answer: requests.Response) -> list[EphemerisRow]:
    rows = rows_of(source, answer, EphemerisRow)
    rows.sort(key=attrgetter("epoch"))
    return rows


def _read(row: msgspec.Raw) -> EphemerisRecord:
    return EphemerisRecord.from_api(msgspec.json.decode(row))


def _record(row: EphemerisRow) -> EphemerisRecord:
    return EphemerisRecord.from_api(msgspec.to_builtins(row))
