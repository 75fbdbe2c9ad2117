"""What checking finds in a file: counted by cause, with the first examples of each; the rest goes where it is asked to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from apps.validation.rules import NOTICE, Rule

EXAMPLES = 5  # kept of each cause
LONGEST_VALUE = 200  # characters of a value that are shown
WHOLE = 1e15  # from here on numbers are shown with an exponent
_line = attrgetter("line")


class Finding(NamedTuple):
    """One finding: where, what was written there, and the rule it breaks. `line` is the line of the file, or the number of
    the record or row, from 1; `key` is what AuroraX would keep the record by, where that is known.
    """

    rule: Rule
    line: int
    column: str
    value: str
    key: str = ""


@dataclass(frozen=True)
class Places:
    """What the rows of a file are counted in, and what else leads to one: the address of a cell (`letters`: column ->
    letters), or with `keyed` the record's key.
    """

    noun: str = "line"
    letters: Mapping[str, str] = field(default_factory=dict)
    keyed: bool = False

    @property
    def more(self) -> list[str]:
        """The name of what leads there beside the number."""
        return ["cell"] if self.letters else ["key"] if self.keyed else []

    def detail(self, found: Finding) -> str:
        """What that is for one finding; empty where there is none."""
        if found.column in self.letters:
            return f"{self.letters[found.column]}{found.line}"
        return found.key if self.keyed else ""

    def words(self, found: Finding) -> str:
        """For people: "line 7", "cell B7", "record 7 (2020-01-01T00:06:00)"."""
        detail = self.detail(found)
        if detail and not self.keyed:
            return f"cell {detail}"
        return f"{self.noun} {found.line:,}" + (f" ({detail})" if detail else "")


@dataclass
class FindingGroup:
    """All findings of one rule in one column."""

    rule: Rule
    column: str
    count: int = 0
    examples: list[Finding] = field(default_factory=list)


class Findings:
    """Collects findings. Memory stays small whatever the file holds: counts, `EXAMPLES` of each cause, and what was found
    since the last `flush`, which brings that into the order of the file.
    """

    def __init__(self, each: Callable[[Finding], None] | None = None) -> None:
        """`each` is called with every problem and warning, in the file's order; notices are only counted."""
        self._each = each
        self._groups: dict[tuple[str, str], FindingGroup] = {}
        self._known: dict[tuple[str, str], FindingGroup] = {}  # the same, by columns as they are written
        self._pending: list[Finding] = []

    def add(self, rule: Rule, line: int, column: str, value: object, key: object = "") -> None:
        """Count one finding."""
        group = self._group(rule, column)
        group.count += 1
        self._pending.append(Finding(rule, line, group.column, display_value(value), display_value(key)))

    def add_all(
        self,
        rule: Rule,
        column: str,
        rows: Iterable[tuple[int, object, object]],
        count: int,
    ) -> None:
        """Count `count` findings of one rule in one column. `rows` are lines, values and keys: of notices no more than the
        first few need be given.
        """
        if not count:
            return
        group = self._group(rule, column)
        group.count += count
        self._pending += [
            Finding(rule, line, group.column, display_value(value), display_value(key))
            for line, value, key in rows
        ]

    def flush(self) -> None:
        """Everything up to here in the file has been looked at: keep the first examples, hand the rest on."""
        for found in sorted(self._pending, key=_line):
            examples = self._groups[found.rule.slug, found.column].examples
            if len(examples) < EXAMPLES:
                examples.append(found)
            if self._each and found.rule.severity is not NOTICE:
                self._each(found)
        self._pending = []

    def groups(self) -> list[FindingGroup]:
        """Everything found, worst and most frequent first."""
        self.flush()
        order = list(type(NOTICE))
        return sorted(
            self._groups.values(), key=lambda group: (order.index(group.rule.severity), -group.count)
        )

    def _group(self, rule: Rule, column: str) -> FindingGroup:
        group = self._known.get((rule.slug, column))
        if group is None:
            shown = display_value(column)
            group = self._groups.setdefault((rule.slug, shown), FindingGroup(rule, shown))
            self._known[rule.slug, column] = group
        return group


def display_value(value: object) -> str:
    """A value as it is shown to people: one line of bounded length, without what no page and no database can hold. A whole
    number has no point, as sheets and files with types show it.
    """
    if type(value) is float and value.is_integer() and abs(value) < WHOLE:
        value = int(value)
    text = "" if value is None else str(value)[: 2 * LONGEST_VALUE]
    if text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST_VALUE:
        return text  # nearly always, and it takes a third of the time
    text = " ".join(text.encode(errors="replace").decode().replace("\0", "?").split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
