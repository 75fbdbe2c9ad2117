"""Spans whose end is a date alone, and the one they start on: whether its midnight is meant, or all of that day."""

from collections.abc import Iterable, Mapping

from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question
from apps.validation.value_formats import ALL_DAY, DAY_ENDS, MIDNIGHT

CHOICES = {
    ALL_DAY: "At 23:59 of that day: the ends of this file are the last days of the spans",
    MIDNIGHT: "At its midnight, 00:00",
}


class DayEnds:
    """Those of one file. pandas and R write midnights as dates alone; but nothing ends at the midnight it starts after."""

    def __init__(self) -> None:
        self._count = 0
        self._rows: list[tuple[int, str]] = []

    def note(self, count: int, rows: Iterable[tuple[int, object]]) -> None:
        """Spans that end on the date they start on; `rows` are the first of them, with their lines."""
        self._count += count
        found = [(line, display_value(value)) for line, value in rows]
        self._rows = sorted([*self._rows, *found])[:SAMPLES]

    def questions(self) -> list[Question]:
        """When they end, where there are any."""
        if not self._count:
            return []
        text = (
            f"{self._count:,} spans of this file start and end on the same date, and the end has no time of day. When do they"
            " end?"
        )
        samples = tuple(f"line {line:,}: end {value}" for line, value in self._rows)
        return [Question(DAY_ENDS, text, CHOICES, samples, ALL_DAY)]

    def unfit(self, answers: Mapping[str, str]) -> set[str]:
        """An answer from an earlier file that changes ends of this one, of which none is in doubt."""
        return {DAY_ENDS} if answers.get(DAY_ENDS) == ALL_DAY and not self._count else set()
