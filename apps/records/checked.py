"""What comes of checking a single row."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.validation.findings import FindingGroup
from apps.validation.row import Record
from apps.validation.rules import Severity


@dataclass(frozen=True)
class Checked:
    """A record that is ready to send, or the problems that keep it back."""

    record: Record | None
    groups: Sequence[FindingGroup]

    @property
    def problems(self) -> list[FindingGroup]:
        """What keeps the row from being sent."""
        return [group for group in self.groups if group.rule.severity is Severity.PROBLEM]
