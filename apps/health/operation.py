"""Data products of times at which the instrument did not work, by its own ephemeris."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from apps.records.types import RecordType
from apps.validation.unusual import Remark

DAY = timedelta(days=1)
MOST = 0.5  # of the products: where more are outside, it is the ephemeris that is not complete


class DaysAtWork:
    """The days of the records that are kept by time, and the other records outside of them. Takes up the former first."""

    def __init__(self) -> None:
        self._days = set[date]()
        self._outside = 0
        self._looked_at = 0
        self._example = ""

    def observe(self, kind: RecordType, rows: Sequence[Any]) -> None:
        """Take up records of AuroraX."""
        if kind.key_is_time:
            self._days.update(map(date.fromisoformat, {kind.day(row) for row in rows}))
            return
        for row in rows if self._days else ():
            self._looked_at += 1
            if not self._touches(*(date.fromisoformat(moment[:10]) for moment in kind.span(row))):
                self._outside += 1
                self._example = self._example or f"{kind.name_of(row)}, {kind.span(row)[0][:16]}"

    def remarks(self, kind: RecordType) -> list[Remark]:
        """What is told of a type that is not kept by time."""
        if kind.key_is_time or not 0 < self._outside <= MOST * self._looked_at:
            return []
        are = f"{kind.noun} is" if self._outside == 1 else f"{kind.nouns} are"
        text = (
            f"{self._outside:,} {are} of days on which, and around which, there is no other record that the instrument"
            f" worked: the first is {self._example}."
        )
        return [Remark("outside-operation", text, count=self._outside)]

    def _touches(self, first: date, last: date) -> bool:
        """Whether it worked then, or on the day before or after: a night has two dates."""
        if (last - first).days > len(self._days):
            return any(first <= day <= last for day in self._days)
        at = first - DAY
        while at <= last + DAY:
            if at in self._days:
                return True
            at += DAY
        return False
