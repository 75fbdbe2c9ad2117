"""What each day of a calendar is: its class, its words, and where it leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape

from apps.ui.calendar_drawing import GONE, LATER, NONE, OFF, Cell
from apps.ui.scales import Scale

Counts = Mapping[date, int]


@dataclass(frozen=True)
class Change:
    """What a write does: how many records come, are overwritten and go, by day. A day may have all three."""

    gained: Counts = field(default_factory=dict)
    overwritten: Counts = field(default_factory=dict)
    lost: Counts = field(default_factory=dict)

    @property
    def days(self) -> set[date]:
        """The days that do not stay as they are."""
        return {
            day for counts in (self.gained, self.overwritten, self.lost) for day, n in counts.items() if n
        }

    def touched(self, day: date) -> int:
        """How many records of this day are overwritten or go, and so must be there now."""
        return self.overwritten.get(day, 0) + self.lost.get(day, 0)


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
        self.changed = change.days
        # Counts lag behind: a day holds at least what the change takes from it.
        least = {day: max(counts.get(day, 0), change.touched(day)) for day in self.changed}
        self.counts = {day: n for day, n in {**counts, **least}.items() if n > 0}
        self.last = max(self.counts, default=None)
        self.not_expected = frozenset(not_expected)
        self.change = change
        self._scale, self._today = scale, today
        self.link, self._escaped_link = link, escape(link)

    @property
    def years(self) -> list[int]:
        """Those that have something to show, the latest first."""
        shown = (self.counts, self.not_expected, self.changed)
        return sorted({day.year for days in shown for day in days}, reverse=True)

    def cell(self, day: date) -> Cell:
        """How the day is drawn."""
        count, text = self.counts.get(day, 0), day.isoformat()
        address = self._escaped_link.replace("{day}", text) if count else ""
        if day in self.changed:
            return self._changed(day, count, text, address)
        if count:
            return Cell(f"l{self._scale.step(count)}", f"{text}: {count:,}", address)
        if day in self.not_expected:
            return Cell(OFF, f"{text}: not expected")
        if day > self._today:
            return Cell(LATER, f"{text}: none yet")
        return Cell(NONE, f"{text}: none")

    def _changed(self, day: date, count: int, text: str, address: str) -> Cell:
        change = self.change
        gained, overwritten, lost = (n.get(day, 0) for n in (change.gained, change.overwritten, change.lost))
        after = count + gained - lost
        parts = [
            f"{n:,} {what}"
            for n, what in ((gained, "new"), (overwritten, "overwritten"), (lost, "deleted"))
            if n
        ]
        sign = "gained" if gained else "overwritten"
        if lost:
            sign = "lost-partly" if after else "lost"
        css = f"l{self._scale.step(after)}" if after else GONE
        return Cell(css, f"{text}: {count:,} now, {after:,} then ({', '.join(parts)})", address, sign)
