"""Checking rows, one at a time and without the network: what both record kinds share."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isfinite, nan
from typing import Any

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.uploads import cells, rules
from apps.uploads.findings import Findings
from apps.uploads.notation import Notation
from apps.uploads.rules import PROBLEM, Rule
from apps.uploads.time_columns import TimeColumns

# A row: canonical column names (`location_geo.lat`, `metadata.state`) and the values as read. A record: the API's shape.
Row = Mapping[str, Any]
Record = dict[str, Any]
IDENTITY = ("program", "platform", "instrument_type")
METADATA_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "double": (int, float),
    "float": (int, float),
    "int": int,
    "integer": int,
    "bool": bool,
    "boolean": bool,
}


class RowCheck(ABC):
    """Turns rows of one file into records, and tells `findings` everything that is wrong with them.

    It knows every rule and its words, and takes its time. `blocks.BlockCheck` lets it look only at rows that are not
    plainly right; single records from a form are checked by it alone.
    """

    ends: frozenset[str] = frozenset()  # columns of times that end a span

    def __init__(
        self,
        source: DataSource,
        schema: Sequence[MetadataField],
        findings: Findings,
        notation: Notation | None = None,
    ) -> None:
        self.source = source
        self.schema = {field.field_name: field for field in schema}
        self.findings = findings
        self.notation = notation or Notation()
        self.identity = source.key
        self.times = TimeColumns(self.notation, self.ends, self._ahead)
        self._line = 0
        self._wrong = False

    @abstractmethod
    def _fields(self, row: Row) -> Record:
        """The record's own fields; problems are told with `_tell`."""

    @abstractmethod
    def _ahead(self, column: str) -> timedelta:
        """How far into the future times of this column reach when they are right."""

    def check(self, line: int, row: Row) -> Record | None:
        """The record in the API's shape, ready to send; None when the row has a problem."""
        self._line, self._wrong = line, False
        self._check_source(row)
        record: Record = {**self.identity, **self._fields(row)}
        record["metadata"] = self._metadata(row)
        return None if self._wrong else record

    def _tell(self, rule: Rule, column: str, value: object) -> None:
        self.findings.add(rule, self._line, column, value)
        if rule.severity is PROBLEM:
            self._wrong = True

    def _check_source(self, row: Row) -> None:
        """What PyAuroraX calls `validate_source`: a row that names a data source must name this one."""
        for column, expected in self.identity.items():
            given = row.get(column)
            if given not in (None, "", expected):
                self._tell(rules.OTHER_SOURCE, column, given)
        number = row.get("data_source.identifier")
        if number not in (None, "") and str(number) != str(self.source.identifier):
            self._tell(rules.OTHER_SOURCE, "data_source", number)

    def _minute(self, row: Row, column: str) -> str | None:
        """A required time, in UTC to the minute."""
        value = row.get(column)
        if value is None or value == "":
            self._tell(rules.REQUIRED, column, "")
            return None
        try:
            found = self.times.minute(column, self._line, value)
        except cells.WrongCell as wrong:
            self._tell(wrong.rule, column, value)
            return None
        for rule in found.notices:
            self._tell(rule, column, value)
        return found.text

    def _number(self, row: Row, column: str) -> float | None:
        """A number; None without one, NaN for a cell whose problem has been told."""
        value = row.get(column)
        try:
            return cells.number(value, decimal_comma=self.notation.decimal_comma)
        except cells.WrongCell as wrong:
            self._tell(wrong.rule, column, value)
            return nan if wrong.rule.severity is PROBLEM else None

    def _metadata(self, row: Row) -> dict[str, Any] | None:
        """Metadata from a JSON object in column `metadata` and from the columns `metadata.<field>`; None without any."""
        found = self._metadata_object(row.get("metadata"))
        for column, value in row.items():
            prefix, dot, name = column.partition(".")
            if dot and prefix == "metadata" and value is not None and value != "":
                found[name] = _typed(value, self.schema.get(name))
        for name, value in found.items():
            if isinstance(value, float) and not isfinite(value):
                self._tell(rules.FILL_VALUE, f"metadata.{name}", value)
                found[name] = None
            elif self.schema:
                self._check_metadata(name, value)
        return found or None

    def _metadata_object(self, value: object) -> dict[str, Any]:
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                self._tell(rules.NOT_METADATA, "metadata", value)
                return {}
        if value is None or value == "" or isinstance(value, str):
            return {}
        if not isinstance(value, dict):
            self._tell(rules.NOT_METADATA, "metadata", value)
            return {}
        return dict(value)

    def _check_metadata(self, name: str, value: object) -> None:
        column, described = f"metadata.{name}", self.schema.get(name)
        if described is None:
            self._tell(rules.METADATA_FIELD, column, value)
        elif value is not None and not has_type(value, described.data_type):
            self._tell(rules.METADATA_TYPE, column, value)
        elif described.allowed_values and as_text(value) not in described.allowed_values:
            self._tell(rules.METADATA_VALUE, column, value)


def _typed(value: object, described: MetadataField | None) -> object:
    """A cell as the schema's type says. No schema, or a value that does not fit: the text as it stands, never a guess."""
    if described is None or not isinstance(value, str):
        return value
    wanted = METADATA_TYPES.get(described.data_type.lower())
    if wanted is str or wanted is None:
        return value
    try:
        found = json.loads(value.strip().lower())
    except (ValueError, RecursionError):
        return value
    return found if has_type(found, described.data_type) else value


def has_type(value: object, data_type: str) -> bool:
    """Whether a metadata value is of the type the schema names; of a type nobody knows everything is."""
    wanted = METADATA_TYPES.get(data_type.lower())
    if wanted is None:
        return True
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def as_text(value: object) -> str:
    """As `allowed_values` write it: JSON true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
