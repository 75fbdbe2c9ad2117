"""What each day of a calendar is: its class, its words, and where it leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape

from apps.charts.calendar_drawing import GONE, LATER, NONE, OFF, Cell
from apps.charts.scales import Scale

Counts = Mapping[date, int]
CHANGE_WORDS = {"gained": "new", "changed": "changed", "identical": "identical", "lost": "deleted"}


@dataclass(frozen=True)
class Change:
    """What a write does to the records of each day: how many come, get other values, stay because they are equal already,
    and go. A day may have all four.
    """

    gained: Counts = field(default_factory=dict)
    changed: Counts = field(default_factory=dict)
    identical: Counts = field(default_factory=dict)
    lost: Counts = field(default_factory=dict)

    @property
    def days(self) -> set[date]:
        """The days it speaks of."""
        counted = (self.gained, self.changed, self.identical, self.lost)
        return {day for counts in counted for day, n in counts.items() if n}

    def of(self, day: date) -> dict[str, int]:
        """What it does to one day, by the names above; without what it does not do."""
        found = {name: getattr(self, name).get(day, 0) for name in CHANGE_WORDS}
        return {name: n for name, n in found.items() if n}


def after(count: int, done: Mapping[str, int]) -> int:
    """How many of `count` records there are when this is done to them."""
    return count + done.get("gained", 0) - done.get("lost", 0)


class Days:
    """The days of a calendar: `days.cell(day)`. `last` is the last one with records."""

    def __init__(
        self,
        counts: Counts,
        *,
        scale: Scale,
        link: str,
        not_expected: Collection[date],
        change: Change,
        today: date,
    ) -> None:
        self.done = {day: change.of(day) for day in change.days}
        # Counts lag behind: a day holds at least what the change has found there.
        least = {day: max(counts.get(day, 0), _found(done)) for day, done in self.done.items()}
        self.counts = {day: n for day, n in {**counts, **least}.items() if n > 0}
        self.last = max(self.counts, default=None)
        self.not_expected = frozenset(not_expected)
        self._scale, self._today = scale, today
        self.link, self._escaped_link = link, escape(link)

    @property
    def years(self) -> list[int]:
        """Those that have something to show, the latest first."""
        shown = (self.counts, self.not_expected, self.done)
        return sorted({day.year for days in shown for day in days}, reverse=True)

    def cell(self, day: date) -> Cell:
        """How the day is drawn."""
        count, text = self.counts.get(day, 0), day.isoformat()
        address = self._escaped_link.replace("{day}", text) if count else ""
        if done := self.done.get(day):
            return self._changed(done, count, text, address)
        if count:
            return Cell(f"l{self._scale.step(count)}", f"{text}: {count:,}", address)
        if day in self.not_expected:
            return Cell(OFF, f"{text}: not expected")
        if day > self._today:
            return Cell(LATER, f"{text}: none yet")
        return Cell(NONE, f"{text}: none")

    def _changed(self, done: Mapping[str, int], count: int, text: str, address: str) -> Cell:
        then = after(count, done)
        parts = ", ".join(f"{n:,} {CHANGE_WORDS[name]}" for name, n in done.items())
        sign = next(iter(done))
        if "lost" in done:
            sign = "lost-partly" if then else "lost"
        css = f"l{self._scale.step(then)}" if then else GONE
        return Cell(css, f"{text}: {count:,} now, {then:,} then ({parts})", address, sign)


def _found(done: Mapping[str, int]) -> int:
    """How many records must be there now for this to be done to them."""
    return sum(n for name, n in done.items() if name != "gained")
