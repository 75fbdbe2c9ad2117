"""Data sources: list, read, create, change, delete. (API document: /data_sources)"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from apps.aurorax import errors
from apps.aurorax.answer_cache import EVERYTHING, SECONDS, AnswerCache
from apps.aurorax.answers import object_of, objects_of, record_of, records_of
from apps.aurorax.directory import LONGEST, WORTH, Directory
from apps.aurorax.records import DataSource, DataSourceStats, ListedSource
from apps.aurorax.transport import Effect, Transport

PATH = "/api/v1/data_sources"
KEY = ("program", "platform", "instrument_type")
ALL_STATS = f"{PATH}#stats"  # in what is remembered


class Sources:
    """`AuroraX(...).sources`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._memory = AnswerCache(transport)
        self._directory = Directory(
            transport,
            PATH,
            self._memory,
            lambda identifier: record_of(ListedSource.from_api, self._row(identifier)),
        )

    def directory(self) -> list[ListedSource]:
        """All data sources, by identifier, remembered for a while: for finding some of them, and for counting.

        What the portal has written is in it at once, what others have written some time later.
        """
        return self._directory.listed()

    def remembered_directory(self) -> list[ListedSource] | None:
        """The same where it is remembered: where it is not, AuroraX may need seconds for it."""
        return self._directory.remembered()

    def stats(self, sources: Sequence[DataSource | ListedSource]) -> dict[int, DataSourceStats]:
        """The statistics of some data sources by identifier, in one question; of those that are gone there are none."""
        found = self._some(sources, {"format": "identifier_only", "include_stats": True})
        return {source.identifier: source.stats or DataSourceStats() for source in found}

    def again(self, sources: Sequence[DataSource | ListedSource]) -> list[DataSource]:
        """The full records of some data sources as they are now, in one question, without those that are gone."""
        return self._some(sources, {"format": "full_record"})

    def all_stats(self) -> dict[int, DataSourceStats]:
        """The statistics of all data sources by identifier, remembered as long as the directory is: AuroraX may need seconds
        to count. What the portal writes is no records of its own, so they are no older than AuroraX's own counts may be.
        """
        remembered = self.remembered_stats()
        return self._ask_all_stats() if remembered is None else remembered

    def remembered_stats(self) -> dict[int, DataSourceStats] | None:
        """The same where they are remembered."""
        kept = self._memory.recall(ALL_STATS)
        return None if kept is None else msgspec.msgpack.decode(kept, type=dict[int, DataSourceStats])

    def _ask_all_stats(self) -> dict[int, DataSourceStats]:
        began = time.monotonic()
        found = self.list(record_format="identifier_only", include_stats=True)
        stats = {source.identifier: source.stats or DataSourceStats() for source in found}
        seconds = min(max(SECONDS, WORTH * (time.monotonic() - began)), LONGEST) if SECONDS else 0
        self._memory.keep(ALL_STATS, msgspec.msgpack.encode(stats), seconds)
        return stats

    def _some(self, sources: Sequence[DataSource | ListedSource], params: dict[str, Any]) -> list[DataSource]:
        """AuroraX searches for the three names one by one, and so also finds others that mix them, which are left out.
        (API: POST /data_sources/search)
        """
        if not sources:
            return []
        names = {f"{name}s": sorted({getattr(source, name) for source in sources}) for name in KEY}
        answer = self._transport.send("POST", f"{PATH}/search", Effect.READ, params=params, json=names)
        wanted = {source.identifier for source in sources}
        return [_read(row) for row in objects_of(answer) if row.get("identifier") in wanted]

    def list(
        self,
        *,
        program: str | None = None,
        platform: str | None = None,
        instrument_type: str | None = None,
        source_type: str | None = None,
        owner: str | None = None,
        record_format: str = "full_record",
        include_stats: bool = False,
    ) -> list[DataSource]:
        """Sources that match every filter exactly, by identifier. Negative identifiers (hidden sources) are left out.

        AuroraX has no filter for maintainers, and its own default `format` is basic_info; `record_format` is one of `records.FORMATS`.
        """
        filters = {
            "program": program,
            "platform": platform,
            "instrument_type": instrument_type,
            "source_type": source_type,
            "owner": owner,
            "format": record_format,
            "include_stats": include_stats or None,
        }
        return _listed(self._transport, filters)

    def get(self, identifier: int, *, include_stats: bool = False) -> DataSource:
        """The full record. Raises `errors.NotFound`."""
        position = self._memory.log.position()
        row = self._row(identifier, include_stats=include_stats)
        self._memory.keep(f"{PATH}/{identifier}", (position, include_stats, msgspec.json.encode(row)))
        return _read(row)

    def find(self, identifier: int, *, include_stats: bool = False) -> DataSource | None:
        """The full record; None where there is none."""
        try:
            return self.get(identifier, include_stats=include_stats)
        except errors.NotFound:
            return None

    def just_read(self, identifier: int, *, include_stats: bool = False) -> DataSource:
        """The same as it was read within the last half minute, unless the portal has written since; for a part of a page
        whose other parts have just read it. Never for deciding what to write.
        """
        kept = self._memory.recall(f"{PATH}/{identifier}")
        if kept is not None:
            position, has_stats, row = kept
            written = self._memory.log.since(position)
            if written is not None and identifier not in written and has_stats >= include_stats:
                return _read(msgspec.json.decode(row))
        return self.get(identifier, include_stats=include_stats)

    def create(self, fields: Mapping[str, Any]) -> DataSource:
        """Create one and answer it as AuroraX keeps it (identifier and owner filled in).

        Raises `errors.Conflict` when program, platform and instrument type, or the identifier, are taken. Never sent
        twice: when the answer is lost, AuroraX is asked whether the source is there with exactly these fields.
        """
        written = EVERYTHING
        try:
            answer = self._transport.send("POST", PATH, Effect.NOT_IDEMPOTENT, json=dict(fields))
            created = _read(object_of(answer))
            written = created.identifier
        except errors.TryAgain as error:
            error.outcome_unknown = error.outcome_unknown or isinstance(error, errors.UnreadableAnswer)
            found = self._find(fields) if error.outcome_unknown else None
            if found is None:
                raise
            return found
        else:
            return created
        finally:
            self._memory.log.note(written)

    def update(self, identifier: int, changes: Mapping[str, Any]) -> DataSource:
        """Change only the named fields, and read the record again.

        Raises ValueError for None, which AuroraX takes as "leave alone" (an empty list or object does overwrite), and
        for `identifier`, which the portal treats as fixed.
        """
        meaningless = sorted(name for name, value in changes.items() if value is None or name == "identifier")
        if meaningless:
            raise ValueError(f"A partial update cannot carry {', '.join(meaningless)}.")
        if not changes:
            return self.get(identifier)
        path = f"{PATH}/{identifier:d}"
        return self._as_kept(
            identifier, self._write("PATCH", path, Effect.IDEMPOTENT, identifier, json=dict(changes))
        )

    def replace(self, identifier: int, fields: Mapping[str, Any]) -> DataSource:
        """Replace the whole record, and read it again.

        Fields left out are lost (documentation: full update), the owner among them: `DataSource.to_api` has them all.
        """
        body = {"identifier": identifier} | dict(fields)
        return self._as_kept(
            identifier, self._write("PUT", f"{PATH}/{identifier:d}", Effect.IDEMPOTENT, identifier, json=body)
        )

    def delete(self, identifier: int) -> None:
        """Delete it. Raises `errors.Conflict` while ephemeris or data products remain, `errors.NotFound`."""
        try:
            self._write("DELETE", f"{PATH}/{identifier:d}", Effect.IDEMPOTENT, identifier)
        except errors.NotFound as error:
            if not error.outcome_unknown:  # otherwise an attempt whose answer was lost has deleted it
                raise

    def _row(self, identifier: int, *, include_stats: bool = False) -> dict[str, Any]:
        params = {"format": "full_record", "include_stats": include_stats or None}
        return object_of(self._transport.get(f"{PATH}/{identifier:d}", params))

    def _write(self, method: str, path: str, effect: Effect, identifier: int, **body: Any) -> Any:
        """Send it; however it ends, what is remembered of this source is asked for again."""
        try:
            return self._transport.send(method, path, effect, **body)
        finally:
            self._memory.log.note(identifier)

    def _as_kept(self, identifier: int, answer: Any) -> DataSource:
        """The record read again, as PyAuroraX does; should that fail, the answer to the write, which did succeed."""
        try:
            return self.get(identifier)
        except errors.TryAgain:
            return _read(object_of(answer))

    def _find(self, fields: Mapping[str, Any]) -> DataSource | None:
        """The source that has all these fields, if AuroraX has it and can be asked."""
        stated = {name: value for name, value in fields.items() if value is not None}
        if not stated.keys() >= set(KEY):
            return None
        try:
            wanted = _read({"identifier": 0} | stated).to_api()
            alike = self.list(**{name: stated[name] for name in KEY})
        except errors.TryAgain:
            return None
        return next((source for source in alike if _agree(source.to_api(), wanted, stated)), None)


def _listed(transport: Transport, filters: dict[str, Any]) -> list[DataSource]:
    found = records_of(DataSource.from_api, objects_of(transport.get(PATH, filters)))
    return sorted(
        (source for source in found if source.identifier >= 0), key=lambda source: source.identifier
    )


def _read(row: dict[str, Any]) -> DataSource:
    return record_of(DataSource.from_api, row)


def _agree(kept: dict[str, Any], wanted: dict[str, Any], names: Iterable[str]) -> bool:
    return all(kept.get(name) == wanted.get(name) for name in names)
