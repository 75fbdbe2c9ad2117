"""Checking a single row, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.aurorax import DataSource
from apps.records.types import RecordType
from apps.validation.columns import METADATA
from apps.validation.findings import FindingGroup, Findings
from apps.validation.row import Record, Row
from apps.validation.rules import Severity
from apps.validation.value_formats import ValueFormats


@dataclass(frozen=True)
class Checked:
    """A record that is ready to send, or the problems that keep it back."""

    record: Record | None
    groups: Sequence[FindingGroup]

    @property
    def problems(self) -> list[FindingGroup]:
        """What keeps the row from being sent."""
        return [group for group in self.groups if group.rule.severity is Severity.PROBLEM]


def check(kind: RecordType, row: Row, source: DataSource) -> Checked:
    """Check a single row, by the same rules as a file's: for a form that edits one record.

    `row` has canonical column names (`epoch`, `location_geo.lat`, `metadata`); values may be text as typed, where an empty
    field of metadata has no value. What it does not have is empty: a form shows everything.
    """
    findings = Findings()
    checking = kind.validator_class(source, kind.schema(source), findings, ValueFormats(exact_texts=True))
    nothing = dict.fromkeys([*(column.name for column in kind.columns), METADATA])
    typed = {name: cell for name, cell in row.items() if cell != "" or not name.startswith(f"{METADATA}.")}
    return Checked(checking.check(1, {**nothing, **typed}), findings.groups())
