"""The seconds of a file's times: those of a minute series that some program has cut by a second are asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question
from apps.validation.rounding import MINUTE_MS, SECOND_MS
from apps.validation.value_formats import NEAREST, SECONDS, WRITTEN

LAST_SECOND = MINUTE_MS - SECOND_MS  # milliseconds of the minute
MOST_OTHERS = (
    10  # of a hundred times: a minute series has next to no other seconds than the first and the last
)
LEAST_LATE = 10  # of a hundred
FEW_LATE = 3  # fewer of them are a pattern only in a file of which they are half
CHOICES = {
    NEAREST: "Round to the nearest minute: 00:01:59 becomes 00:02",
    WRITTEN: "Keep the minute as it is written: 00:01:59 becomes 00:01",
}


@dataclass
class Cadence:
    """How many times of one column are whole minutes, are in the last second of one, or are anything else."""

    whole: int = 0
    late: int = 0
    others: int = 0
    rows: list[tuple[int, str]] = field(default_factory=list)  # the first of the late ones: line and value

    @property
    def looks_cut(self) -> bool:
        """Whether a minute series lost a second: a good part of its times are in the last second, and hardly any other but
        whole minutes. A lone 23:59:59 says nothing of the others.
        """
        rows = self.whole + self.late + self.others
        are_many = self.late * 100 >= LEAST_LATE * rows and (self.late >= FEW_LATE or self.late * 2 >= rows)
        return are_many and self.late > self.others and self.others * 100 <= MOST_OTHERS * rows

    def note(self, exact: int, line: int, value: object) -> None:
        of_minute = exact % MINUTE_MS
        if of_minute >= LAST_SECOND:
            self.note_all(0, 1, 0, [(line, value)])
        else:
            self.note_all(not of_minute, 0, bool(of_minute), [])

    def note_all(self, whole: int, late: int, others: int, rows: Iterable[tuple[int, object]]) -> None:
        """Count many; `rows` are the first of those in the last second, with their lines."""
        self.whole += whole
        self.late += late
        self.others += others
        if late:
            self.rows = sorted([*self.rows, *((line, display_value(value)) for line, value in rows)])[
                :SAMPLES
            ]


class Cadences:
    """Those of all columns of a file. `ends` are columns in which the last second of a minute is nothing unusual."""

    def __init__(self, ends: Iterable[str]) -> None:
        self._ends = frozenset(ends)
        self._columns: dict[str, Cadence] = {}

    def __getitem__(self, column: str) -> Cadence:
        """That of one column."""
        return self._columns.setdefault(column, Cadence())

    def questions(self) -> list[Question]:
        """Which minute is meant, for each column that looks cut. The ends of spans only where another column does, too:
        23:59:59 alone is how ends are written.
        """
        cut = [column for column, cadence in self._columns.items() if cadence.looks_cut]
        if all(column in self._ends for column in cut):
            return []
        in_turn = sorted(cut, key=lambda column: (column in self._ends, column))
        return [self._question(column, self._columns[column]) for column in in_turn]

    def unfit(self, answers: Mapping[str, str]) -> set[str]:
        """Names of answers that change times of a file which does not look cut."""
        rounding = {name for name, given in answers.items() if name.startswith(SECONDS) and given == NEAREST}
        return rounding - {question.name for question in self.questions()}

    def _question(self, column: str, found: Cadence) -> Question:
        rows = found.whole + found.late + found.others
        text = (
            f"{found.late:,} of {rows:,} times in {column} stand in the last second of a minute, and {found.whole:,} are"
            " whole minutes: some program seems to have cut them. Which minute is meant?"
        )
        samples = tuple(f"line {line:,}: {value}" for line, value in found.rows)
        return Question(f"{SECONDS}{column}", text, CHOICES, samples)
