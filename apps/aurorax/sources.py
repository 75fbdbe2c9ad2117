"""Data sources: list, read, create, change, delete. (API document: /data_sources)"""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.aurorax import errors
from apps.aurorax.answer_cache import AnswerCache
from apps.aurorax.answers import object_of, objects_of, record_of, records_of
from apps.aurorax.records import DataSource
from apps.aurorax.transport import Effect, Transport

PATH = "/api/v1/data_sources"
KEY = ("program", "platform", "instrument_type")


class Sources:
    """`AuroraX(...).sources`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._memory = AnswerCache(transport)

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
        remembered: bool = False,
    ) -> list[DataSource]:
        """Sources that match every filter exactly, by identifier. Negative identifiers (hidden sources) are left out.

        With `remembered` an answer of the last half minute will do, unless the portal has written since.

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
        if remembered:
            return self._memory.recall(f"{PATH} {filters}", lambda: _listed(self._transport, filters))
        return _listed(self._transport, filters)

    def get(self, identifier: int, *, include_stats: bool = False) -> DataSource:
        """The full record. Raises `errors.NotFound`."""
        params = {"format": "full_record", "include_stats": include_stats or None}
        return _read(object_of(self._transport.get(f"{PATH}/{identifier:d}", params)))

    def create(self, fields: Mapping[str, Any]) -> DataSource:
        """Create one and answer it as AuroraX keeps it (identifier and owner filled in).

        Raises `errors.Conflict` when program, platform and instrument type, or the identifier, are taken. Never sent
        twice: when the answer is lost, AuroraX is asked whether the source is there with exactly these fields.
        """
        try:
            answer = self._write("POST", PATH, Effect.NOT_IDEMPOTENT, json=dict(fields))
            return _read(object_of(answer))
        except errors.TryAgain as error:
            error.outcome_unknown = error.outcome_unknown or isinstance(error, errors.UnreadableAnswer)
            created = self._find(fields) if error.outcome_unknown else None
            if created is None:
                raise
            return created

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
        return self._as_kept(identifier, self._write("PATCH", path, Effect.IDEMPOTENT, json=dict(changes)))

    def replace(self, identifier: int, fields: Mapping[str, Any]) -> DataSource:
        """Replace the whole record, and read it again.

        Fields left out are lost (documentation: full update), the owner among them: `DataSource.to_api` has them all.
        """
        body = {"identifier": identifier} | dict(fields)
        return self._as_kept(
            identifier, self._write("PUT", f"{PATH}/{identifier:d}", Effect.IDEMPOTENT, json=body)
        )

    def delete(self, identifier: int) -> None:
        """Delete it. Raises `errors.Conflict` while ephemeris or data products remain, `errors.NotFound`."""
        try:
            self._write("DELETE", f"{PATH}/{identifier:d}", Effect.IDEMPOTENT)
        except errors.NotFound as error:
            if not error.outcome_unknown:  # otherwise an attempt whose answer was lost has deleted it
                raise

    def _write(self, method: str, path: str, effect: Effect, **body: Any) -> Any:
        """Send it; however it ends, lists are asked for again."""
        try:
            return self._transport.send(method, path, effect, **body)
        finally:
            self._memory.forget()

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
