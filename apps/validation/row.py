"""Checking rows, one at a time and without the network: what both record kinds share."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from math import nan
from typing import Any, ClassVar, NamedTuple

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.validation import null_words, rules, values
from apps.validation.columns import gives
from apps.validation.findings import Findings
from apps.validation.json_decoding import Decoder, unwritable
from apps.validation.metadata_values import (
    has_type,
    member_as_sent,
    metadata_value,
    rule_of_cell,
    rule_of_member,
)
from apps.validation.rules import PROBLEM, Rule
from apps.validation.time_columns import TimeColumns
from apps.validation.value_formats import ValueFormats

# A row: canonical column names (`location_geo.lat`, `metadata.state`) and the values as read. A record: the API's shape.
Row = Mapping[str, Any]
Record = dict[str, Any]
IDENTITY = ("program", "platform", "instrument_type")
IDENTIFIER = "data_source.identifier"
METADATA = "metadata"


class RowPart(NamedTuple):
    """Columns of a row that are checked without a look at any others; `metadata` stands for its members, too."""

    columns: Sequence[str]
    check: Callable[[Row], object]


class RowValidator(ABC):
    """Turns rows of one file into records, and reports to `findings` everything that is wrong with them.

    It knows every rule and its words, and takes its time. `batches.BatchValidator` lets it look only at rows that are not
    plainly right, and first at the `parts` of them that are not; single records from a form are checked by it alone.
    """

    key_column: str  # what AuroraX keeps a record by
    ends: frozenset[str] = frozenset()  # columns of times that end a span
    # Members that a file need not give, and what they are when they are empty.
    optional: ClassVar[Mapping[str, Any]] = {"metadata": None}

    def __init__(
        self,
        source: DataSource,
        schema: Sequence[MetadataField],
        findings: Findings,
        value_formats: ValueFormats | None = None,
    ) -> None:
        self.source = source
        self.schema = {field.field_name: field for field in schema}
        self.findings = findings
        self.value_formats = value_formats or ValueFormats()
        self.identity = source.key
        self.times = TimeColumns(self.value_formats, self.ends, self._ahead)
        self.parts = (
            RowPart((*IDENTITY, IDENTIFIER), self._check_source),
            *self._own_parts(),
            RowPart((METADATA,), self._metadata),
        )
        self._decoder = Decoder()
        self._begin(0, "")

    @abstractmethod
    def _fields(self, row: Row) -> Record:
        """The record's own fields; problems are reported with `_report`."""

    def _complete(self, record: Record) -> None:  # noqa: B027 - most kinds have nothing of the sort
        """Put into a record that is right what follows from the rest of it."""

    def _own_parts(self) -> Sequence[RowPart]:
        """Those of the record's own fields that can be checked by themselves, in the order of `_fields`."""
        return ()

    @abstractmethod
    def _ahead(self, column: str) -> timedelta:
        """How far into the future times of this column reach when they are right."""

    def check(self, line: int, row: Row) -> Record | None:
        """The record in the API's shape; None when the row has a problem. Optional members that the row has no column for
        are left out.
        """
        self._begin(line, row.get(self.key_column))
        self._check_source(row)
        record: Record = {**self.identity, **self._fields(row)}
        if gives(row, METADATA):
            record[METADATA] = self._metadata(row)
        if not self._invalid:
            self._complete(record)
        self._conclude()
        return None if self._invalid else record

    def is_wrong(self, line: int, key: object, row: Row, parts: Iterable[RowPart]) -> bool:
        """Whether one of these parts of a row has a problem: then all that is found in them is reported, else nothing is.
        The row need have no other columns than theirs.
        """
        self._begin(line, key)
        for part in parts:
            part.check(row)
        if self._invalid:
            self._conclude()
        return self._invalid

    def _begin(self, line: int, key: object) -> None:
        self._line, self._key, self._invalid = line, key, False
        self._reported: list[tuple[Rule, str, object]] = []
        self._read_times: list[tuple[str, int, object]] = []

    def _report(self, rule: Rule, column: str, value: object) -> None:
        self._reported.append((rule, column, value))
        if rule.severity is PROBLEM:
            self._invalid = True

    def _conclude(self) -> None:
        """What was found in the row counts."""
        for rule, column, value in self._reported:
            self.findings.add(rule, self._line, column, value, self._key)
        for column, exact, value in self._read_times:
            self.times.cadences[column].note(exact, self._line, value)

    def _check_source(self, row: Row) -> None:
        """What PyAuroraX calls `validate_source`: a row that names a data source must name this one."""
        for column, expected in self.identity.items():
            given = row.get(column)
            if given not in (None, "", expected):
                self._report(
                    rules.NO_VALUE if null_words.is_null_word(given) else rules.OTHER_SOURCE, column, given
                )
        number = row.get(IDENTIFIER)
        if number not in (None, "") and str(number) != str(self.source.identifier):
            self._report(
                rules.NO_VALUE if null_words.is_null_word(number) else rules.OTHER_SOURCE,
                "data_source",
                number,
            )

    def _minute(self, row: Row, column: str) -> str | None:
        """A required time, in UTC to the minute."""
        value = row.get(column)
        if null_words.is_null(value):
            self._report(rules.REQUIRED, column, value)
            return None
        try:
            found = self.times.minute(column, self._line, value)
        except values.InvalidValue as wrong:
            self._report(wrong.rule, column, value)
            return None
        self._read_times.append((column, found.exact, value))
        for rule in found.notices:
            self._report(rule, column, value)
        return found.text

    def _number(self, row: Row, column: str) -> float | None:
        """A number; None without one, NaN for a cell whose problem has been reported."""
        value = row.get(column)
        try:
            found = values.number(value, decimal_comma=self.value_formats.decimal_comma)
        except values.InvalidValue as wrong:
            self._report(wrong.rule, column, value)
            return nan if wrong.rule.severity is PROBLEM else None
        if found is None and isinstance(value, str) and value.strip():
            self._report(rules.NO_VALUE, column, value)
        return found

    def _metadata(self, row: Row) -> dict[str, Any] | None:
        """Metadata from a JSON object in column `metadata` and from the columns `metadata.<field>`; None without any."""
        found, written = self._metadata_object(row.get("metadata")), dict[str, object]()
        for column, cell in row.items():
            prefix, dot, name = column.partition(".")
            if dot and prefix == "metadata" and (value := self._member(column, name, cell)) is not None:
                if name in found:
                    self._report(rules.REPEATED_NAME, column, cell)
                found[name], written[name] = value, cell
        for name, value in found.items():
            if (number := unwritable(value)) is not None:
                self._report(rules.NO_NUMBER, f"metadata.{name}", number)
            elif self.schema:
                self._check_metadata(name, value, written.get(name, value))
        return found or None

    def _member(self, column: str, name: str, cell: object) -> object:
        """The value in a column of its own; None for none, and where there is a problem."""
        described = self.schema.get(name)
        try:
            value = metadata_value(cell, described, self.value_formats)
        except values.InvalidValue as wrong:
            self._report(wrong.rule, column, cell)
            return None
        rule = rule_of_cell(cell, self.value_formats) if described is None else None
        if rule:
            self._report(rule, column, cell)
        return value

    def _metadata_object(self, value: object) -> dict[str, Any]:
        if isinstance(value, str) and null_words.is_null_word(value) and value.strip() != "null":
            self._report(rules.NO_VALUE, "metadata", value)
            return {}
        if isinstance(value, str) and value.strip():
            try:
                value = self._decoder.decode(value)
            except (ValueError, RecursionError):
                self._report(rules.NOT_METADATA, "metadata", value)
                return {}
            if self._decoder.repeated:
                self._report(rules.REPEATED_NAME, "metadata", self._decoder.repeated)
        if value is None or value == "" or isinstance(value, str):
            return {}
        if not isinstance(value, dict):
            self._report(rules.NOT_METADATA, "metadata", value)
            return {}
        return {
            name: member_as_sent(member, self.schema.get(name), self.value_formats)
            for name, member in value.items()
            if self._is_kept(name, member)
        }

    def _is_kept(self, name: str, member: object) -> bool:
        """Whether a member of an object is sent; reported where it is not, or where that may be wrong."""
        rule = rule_of_member(member, self.schema.get(name), self.value_formats)
        if rule:
            self._report(rule, f"metadata.{name}", member)
        return rule in (None, rules.NO_VALUE_TEXT)

    def _check_metadata(self, name: str, value: object, written: object) -> None:
        """`written` is what stands in the file."""
        column, described = f"metadata.{name}", self.schema.get(name)
        shown = None if written is None else as_text(written)
        if described is None:
            self._report(rules.METADATA_FIELD, column, shown)
        elif value is not None and not has_type(value, described.data_type):
            self._report(rules.METADATA_TYPE, column, shown)
        elif described.allowed_values and as_text(value) not in described.allowed_values:
            self._report(rules.METADATA_VALUE, column, shown)


def as_text(value: object) -> str:
    """As `allowed_values` write it: JSON true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
