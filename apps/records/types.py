"""Record kinds: what `uploads` has to know about ephemeris and data products. Their apps register one each."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import MetadataField
from apps.aurorax.records.rows import DataProductRow, EphemerisRow
from apps.permissions import Action
from apps.records.equality import equal
from apps.validation.batches import BatchValidator
from apps.validation.columns import METADATA, Column
from apps.validation.findings import FindingGroup, Findings
from apps.validation.row import Record, Row, RowValidator
from apps.validation.rules import Severity
from apps.validation.value_formats import ValueFormats

AnyRow = EphemerisRow | DataProductRow


@dataclass(frozen=True)
class Checked:
    """What came of checking one row: a record that is ready to send, or the problems that keep it back."""

    record: Record | None
    causes: Sequence[FindingGroup]

    @property
    def problems(self) -> list[FindingGroup]:
        """What keeps the row from being sent."""
        return [cause for cause in self.causes if cause.rule.severity is Severity.PROBLEM]


class RecordType(ABC):
    """One kind of record, from file to AuroraX."""

    slug: str  # in the database and in URL names: `<slug>-upload`, `<slug>-browse`
    label: str  # the tab's name
    noun: str
    nouns: str
    key_name: str  # what AuroraX keeps a record by, in words
    columns: Sequence[Column]
    create: Action
    delete_action: Action
    row_class: type[AnyRow]
    compare_batch_size: int  # records of the file; those of AuroraX are read once for them
    words: ClassVar[Mapping[str, str]] = {}  # what people call a member of the record
    validator_class: type[RowValidator]
    batch_validator_class: type[BatchValidator]

    @abstractmethod
    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The part of the source's metadata schema that describes these records."""

    @abstractmethod
    def key(self, record: Record) -> str:
        """What AuroraX keeps a record by, within its data source."""

    @abstractmethod
    def span(self, record: Record) -> tuple[str, str]:
        """The first and last moment of a record, as `YYYY-MM-DDTHH:MM:SS`."""

    @abstractmethod
    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """Send a JSON array of records. Raises `errors.AuroraXError`."""

    @abstractmethod
    def stored(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """What AuroraX holds from `first` to `last`, both inclusive, streamed. Raises `errors.AuroraXError`."""

    def search_replaceable(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """What AuroraX holds that records of this span could replace."""
        return self.stored(client, source, first, last)

    # Rows: many records, as the API writes them, for comparing ---------------------------------------------------------

    @abstractmethod
    def windows(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime, *, whole_source: bool
    ) -> Iterator[list[AnyRow]]:
        """What `stored` answers as rows, or with `whole_source` what `search_replaceable` does. Raises `errors.AuroraXError`."""

    def touching(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[list[AnyRow]]:
        """What AuroraX holds that has to do with `first` to `last`, whole or in part. Raises `errors.AuroraXError`."""
        return self.windows(client, source, first, last, whole_source=False)

    @abstractmethod
    def row_key(self, row: AnyRow) -> str:
        """What AuroraX keeps it by."""

    @abstractmethod
    def day(self, row: AnyRow) -> str:
        """The day it belongs to, `YYYY-MM-DD`."""

    @abstractmethod
    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """Ask AuroraX to delete the records with these keys. Within a run there are no others between the first and the
        last. Raises `errors.AuroraXError`.
        """

    def record_of(self, row: AnyRow) -> Record:
        """The row in the API's shape, without program, platform and instrument type."""
        record: Record = msgspec.to_builtins(row)
        del record["data_source"]
        return record

    def rows_of(self, body: bytes) -> list[AnyRow]:
        """The records of a JSON array."""
        found: list[AnyRow] = msgspec.json.decode(body, type=list[self.row_class])  # type: ignore[name-defined]
        return found

    def same_row(self, ours: AnyRow, theirs: AnyRow) -> bool:
        """Like `same`; nearly always the rows are equal to the letter."""
        if ours == theirs and _encoded(ours.metadata) == _encoded(theirs.metadata):  # True == 1 in Python
            return True
        return self.same(msgspec.to_builtins(ours), msgspec.to_builtins(theirs))

    def differing(self, ours: AnyRow, theirs: AnyRow) -> Iterator[tuple[str, Any, Any]]:
        """The fields in which two rows differ, with AuroraX's value and the file's: `location_geo.lat`, `metadata.state`."""
        before, after = (self.canonical(msgspec.to_builtins(row)) for row in (theirs, ours))
        for name in self.compared:
            old, new = before.get(name), after.get(name)
            if equal(new, old):
                continue
            if isinstance(old, dict | None) and isinstance(new, dict | None):
                yield from _members_differing(name, old or {}, new or {})
            else:
                yield name, old, new

    @property
    def compared(self) -> list[str]:
        """The top-level fields of a record."""
        return [*dict.fromkeys(column.name.partition(".")[0] for column in self.columns), METADATA]

    def called(self, field: str) -> str:
        """What people call a field: "the place" for `location_geo`, "state" for `metadata.state`."""
        return self.words.get(field, field.removeprefix(f"{METADATA}."))

    def canonical(self, record: Record) -> Record:
        """The record as AuroraX would keep it, for comparing. Metadata without any member is no metadata."""
        return record | {METADATA: record.get(METADATA) or None}

    def same(self, sent: Record, stored: Record) -> bool:
        """Whether AuroraX holds what was sent, by `equality.equal`."""
        ours, theirs = self.canonical(sent), self.canonical(stored)
        return all(equal(ours.get(name), theirs.get(name)) for name in self.compared)

    def columns_of(self, source: DataSource) -> list[Column]:
        """The columns of this kind, those for texts as JSON, and one for each field of the source's schema: `state` is
        `metadata.state`.
        """
        fields = self.schema(source)
        described = [
            Column(f"{METADATA}.{field.field_name}", field.description, "", synonyms=(field.field_name,))
            for field in fields
        ]
        as_json = [
            Column(column.json_column, f"{column.name} as JSON", "")
            for column in self.columns
            if column.json_column
        ]
        return [*self.columns, *as_json, *described]

    def batch_validator(
        self, source: DataSource, findings: Findings, value_formats: ValueFormats | None = None
    ) -> BatchValidator:
        """The check for the rows of one file."""
        rows = self.validator_class(source, self.schema(source), findings, value_formats)
        return self.batch_validator_class(rows, findings)

    def check(self, row: Row, source: DataSource) -> Checked:
        """Check a single row, by the same rules as a file's: for a form that edits one record.

        `row` has canonical column names (`epoch`, `location_geo.lat`, `metadata`); values may be text as typed, where an
        empty field of metadata has no value. What it does not have is empty: a form shows everything.
        """
        findings = Findings()
        checking = self.validator_class(source, self.schema(source), findings, ValueFormats(exact_texts=True))
        nothing = dict.fromkeys([*(column.name for column in self.columns), METADATA])
        typed = {
            name: cell for name, cell in row.items() if cell != "" or not name.startswith(f"{METADATA}.")
        }
        return Checked(checking.check(1, {**nothing, **typed}), findings.causes())


def _members_differing(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Like `differing`, for the members of one object. One that is missing is none, not even null."""
    for member in dict.fromkeys([*new, *old]):
        if (member in new) != (member in old) or not equal(new.get(member), old.get(member)):
            yield f"{name}.{member}", old.get(member), new.get(member)


_encoded = msgspec.json.Encoder(order="deterministic").encode
_kinds: dict[str, RecordType] = {}


def register(kind: RecordType) -> None:
    """Make a kind known; called by its app when Django starts."""
    _kinds[kind.slug] = kind


def type_of(slug: str) -> RecordType:
    """The kind with this slug. Raises KeyError for one nobody registered."""
    return _kinds[slug]


def all_types() -> list[RecordType]:
    """All that are registered."""
    return [*_kinds.values()]
