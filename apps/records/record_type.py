"""What there is to know of a record type: all that differs between ephemeris and data products.

A record is carried as a row: a msgspec struct with AuroraX's field names (`apps.aurorax.records.rows`). It is a dict only
at the edges, where it comes out of a file or a form, and where it is written as JSON: `record_of` and `row_of`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import msgspec
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import MetadataField
from apps.aurorax.times import TimeSpan
from apps.records.actions import Actions
from apps.records.counts import DailyCounts
from apps.records.deletion_scope import DeletionScope
from apps.records.equality import equal, members_differing
from apps.validation.batches import BatchValidator
from apps.validation.columns import METADATA, Column
from apps.validation.findings import Findings
from apps.validation.questions import Question
from apps.validation.row import Record, RowValidator
from apps.validation.value_formats import ValueFormats


class RecordRow(Protocol):
    """A record of any type."""

    metadata: dict[str, Any] | None


RowT = TypeVar("RowT", bound=RecordRow)


class RecordTypeOf(ABC, Generic[RowT]):
    """One type of record, from file to AuroraX; its rows are `RowT`."""

    slug: str  # in the database and in URL names: `<slug>-upload`, `<slug>-browse`
    label: str  # the tab's name
    noun: str
    nouns: str
    api_name: str = ""  # in AuroraX's addresses and in PyAuroraX, where they know it
    key_name: str  # what AuroraX keeps a record by, in words
    words: ClassVar[Mapping[str, str]] = {}  # what people call a member of the record
    # Answers that may be given together with a file, by the names of their questions.
    beforehand: ClassVar[Mapping[str, Collection[str]]] = {}
    export_note: str = ""  # what an export of a span holds besides
    columns: Sequence[Column]
    actions: Actions
    counts: DailyCounts
    day_query: str  # asks the page `<slug>-browse` for one day: `day={day}`
    key_is_time: bool  # else a record may be stored with quite another time than the one it is uploaded with
    deletes_by_key: bool  # else by a range of time
    row_class: type[RowT]
    stands_still: bool = False  # whether the records of a ground source say where it stands
    compare_batch_size: int  # records of the file that are held at once, while those of AuroraX are read
    validator_class: type[RowValidator]
    batch_validator_class: type[BatchValidator]
    # Header -> cell of a short table; the first names the row.
    summary: ClassVar[Mapping[str, Callable[[Any], str]]]

    @abstractmethod
    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The part of the source's metadata schema that describes these records."""

    # A record -----------------------------------------------------------------------------------------------

    @abstractmethod
    def key(self, row: RowT) -> str:
        """What AuroraX keeps it by, within its data source."""

    @abstractmethod
    def span(self, row: RowT) -> tuple[str, str]:
        """Its first and last moment, as `YYYY-MM-DDTHH:MM:SS`."""

    def day(self, row: RowT) -> str:
        """The day it is counted on, `YYYY-MM-DD`."""
        return self.span(row)[0][:10]

    def name_of(self, row: RowT) -> str:
        """What people call it, behind the noun."""
        return self.key(row)

    def canonical(self, row: RowT) -> RowT:
        """The record as AuroraX would keep it, for comparing. Metadata without any member is no metadata."""
        return cast("RowT", msgspec.structs.replace(cast("Any", row), metadata=row.metadata or None))

    def record_of(self, row: RowT) -> Record:
        """The row in the API's shape, without program, platform and instrument type."""
        record: Record = msgspec.to_builtins(row)
        return {name: value for name, value in record.items() if name != "data_source"}

    def row_of(self, record: Record) -> RowT:
        """A record in the API's shape as a row; what is not a part of it is left out. Raises `msgspec.ValidationError`."""
        return msgspec.convert(record, self.row_class)

    def rows_of(self, body: bytes) -> list[RowT]:
        """The records of a JSON array."""
        found: list[RowT] = msgspec.json.decode(body, type=list[self.row_class])  # type: ignore[name-defined]
        return found

    # AuroraX: every method raises `errors.AuroraXError` ----------------------------------------------------------------

    @abstractmethod
    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """Send a JSON array of records."""

    @abstractmethod
    def windows(
        self, client: AuroraX, source: DataSource, spans: Iterable[TimeSpan], *, whole_source: bool = False
    ) -> list[TimeSpan]:
        """The searches to make for what AuroraX holds in these spans, which are in time order and do not overlap; with
        `whole_source` for all that records of them could replace.
        """

    @abstractmethod
    def search_window(
        self, client: AuroraX, source: DataSource, window: TimeSpan
    ) -> Callable[[], list[RowT]]:
        """Make one of these searches; what it has found, in AuroraX's order, is read when that is called for."""

    def search_batches(
        self,
        client: AuroraX,
        source: DataSource,
        first: datetime,
        last: datetime,
        *,
        whole_source: bool = False,
    ) -> Iterator[list[RowT]]:
        """What AuroraX holds from `first` to `last`, both inclusive, one window after the other as they are used up."""
        for window in self.windows(client, source, [(first, last)], whole_source=whole_source):
            yield self.search_window(client, source, window)()

    def search(
        self,
        client: AuroraX,
        source: DataSource,
        first: datetime,
        last: datetime,
        *,
        whole_source: bool = False,
    ) -> Iterator[RowT]:
        """The same, record by record."""
        return chain.from_iterable(
            self.search_batches(client, source, first, last, whole_source=whole_source)
        )

    def search_touching(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[list[RowT]]:
        """What AuroraX holds that has to do with `first` to `last`, whole or in part."""
        return self.search_batches(client, source, first, last)

    @abstractmethod
    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """Ask AuroraX to delete the records with these keys. Within a run there are no others between the first and the
        last.
        """

    def spans_meant(self, client: AuroraX, source: DataSource, scope: DeletionScope) -> Sequence[TimeSpan]:
        """Where all lie that a deletion means, in time order."""
        return [(scope.start, scope.end)]

    def is_meant(self, row: RowT, scope: DeletionScope) -> bool:
        """Whether a deletion means a record that lies there."""
        return not scope.keys or self.key(row) in scope.keys

    def on_edge(self, client: AuroraX, source: DataSource, scope: DeletionScope) -> Sequence[RowT]:
        """Those that only touch the span of a deletion, whether they are meant or not."""
        return ()

    # Comparing ---------------------------------------------------------------------------------------------------------

    @property
    def compared(self) -> list[str]:
        """The top-level fields of a record."""
        return [*dict.fromkeys(column.name.partition(".")[0] for column in self.columns), METADATA]

    def same(self, ours: RowT, theirs: RowT) -> bool:
        """Whether AuroraX holds what was sent, by `equality.equal`; nearly always the rows are equal to the letter."""
        if ours == theirs and _encoded(ours.metadata) == _encoded(theirs.metadata):  # True == 1 in Python
            return True
        mine, other = self._comparable(ours), self._comparable(theirs)
        return all(equal(mine[name], other[name]) for name in self.compared)

    def differing(self, ours: RowT, theirs: RowT) -> Iterator[tuple[str, Any, Any]]:
        """The fields in which two rows differ, with AuroraX's value and the file's: `location_geo.lat`, `metadata.state`."""
        before, after = self._comparable(theirs), self._comparable(ours)
        for name in self.compared:
            old, new = before[name], after[name]
            if equal(new, old):
                continue
            if isinstance(old, dict | None) and isinstance(new, dict | None):
                yield from members_differing(name, old or {}, new or {})
            else:
                yield name, old, new

    def _comparable(self, row: RowT) -> Record:
        return cast("Record", msgspec.to_builtins(self.canonical(row)))

    def called(self, field: str) -> str:
        """What people call a field: "the place" for `location_geo`, "state" for `metadata.state`."""
        return self.words.get(field, field.removeprefix(f"{METADATA}."))

    def url(self, page: str, *args: object) -> str:
        """The address of one of its pages: `browse` is `<slug>-browse`."""
        return reverse(f"{self.slug}-{page}", args=args)

    def day_url(self, identifier: int, day: date | str | None) -> str:
        """The page of the records of one day; without a day, of the last one that has any."""
        path = self.url("browse", identifier)
        text = f"{day:%Y-%m-%d}" if isinstance(day, date) else day
        return f"{path}?{self.day_query.format(day=text)}" if text else path

    def columns_of(self, source: DataSource) -> list[Column]:
        """The columns of this type, those for texts as JSON, and one for each field of the source's schema: `state` is
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

    def offers(self, source: DataSource, columns: Sequence[str]) -> Sequence[Question]:
        """What can be chosen for a file with these columns, and need not be: without an answer the question's default counts."""
        return ()

    def batch_validator(
        self, source: DataSource, findings: Findings, value_formats: ValueFormats | None = None
    ) -> BatchValidator:
        """The check for the rows of one file."""
        rows = self.validator_class(source, self.schema(source), findings, value_formats)
        return self.batch_validator_class(rows, findings)


_encoded = msgspec.json.Encoder(order="deterministic").encode
