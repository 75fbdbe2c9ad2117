"""What checking finds in a file: counted by cause, with the first examples of each; the rest goes where it is asked to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.uploads.rules import NOTICE, Rule

EXAMPLES = 5  # kept of each cause
LONGEST_VALUE = 200  # characters of a value that are shown


class Found(NamedTuple):
    """One finding: where, what was written there, and the rule it breaks. `line` is the line of the file, from 1."""

    rule: Rule
    line: int
    column: str
    value: str


@dataclass
class Cause:
    """All findings of one rule in one column."""

    rule: Rule
    column: str
    count: int = 0
    examples: list[Found] = field(default_factory=list)


class Findings:
    """Collects findings. Memory stays small whatever the file holds: counts, and `EXAMPLES` of each cause."""

    def __init__(self, each: Callable[[Found], None] | None = None) -> None:
        """`each` is called with every problem and warning as it is found, notices are only counted."""
        self._each = each
        self._causes: dict[tuple[str, str], Cause] = {}

    def add(self, rule: Rule, line: int, column: str, value: object) -> None:
        """Count one finding."""
        column = shown(column)
        cause = self._causes.get((rule.slug, column))
        if cause is None:
            cause = self._causes[rule.slug, column] = Cause(rule, column)
        cause.count += 1
        if len(cause.examples) < EXAMPLES or (self._each and rule.severity is not NOTICE):
            found = Found(rule, line, column, shown(value))
            if len(cause.examples) < EXAMPLES:
                cause.examples.append(found)
            if self._each and rule.severity is not NOTICE:
                self._each(found)

    def causes(self) -> list[Cause]:
        """Everything found, worst and most frequent first."""
        order = list(type(NOTICE))
        return sorted(
            self._causes.values(), key=lambda cause: (order.index(cause.rule.severity), -cause.count)
        )


def shown(value: object) -> str:
    """A value as it is shown to people: one line of bounded length, without what no page and no database can hold."""
    text = "" if value is None else str(value)[: 2 * LONGEST_VALUE]
    text = " ".join(text.encode(errors="replace").decode().replace("\0", "?").split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
