"""What a rule is."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Rule:
    """One rule. `message` heads the group of everything that broke it; `hint` says what to do."""

    slug: str
    severity: Severity
    message: str
    hint: str


PROBLEM, WARNING, NOTICE = Severity.PROBLEM, Severity.WARNING, Severity.NOTICE
