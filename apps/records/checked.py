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
    causes: Sequence[FindingGroup]

    @property
    def problems(self) -> list[FindingGroup]:
        """What keeps the row from being sent."""
        return [cause for cause in self.causes if cause.rule.severity is Severity.PROBLEM]
