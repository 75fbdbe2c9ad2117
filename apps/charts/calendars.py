"""Years of days, coloured by how many records each has: the availability calendar. It knows no feature.

    calendar_of({date(2020, 1, 1): 1440}, scale=Scale(1440), link="/sources/3/ephemeris/?day={day}")
    calendar_of(counts, scale=Scale(1440), change=Change(gained={date(2020, 1, 2): 720}))

`charts/calendar.html` shows it: the picture (drawn by the time a template sees it, so that no template loops over days), its
legend, and the same by year and month as a table.
"""

from calendar import isleap
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from apps.charts.calendar_days import CHANGE_WORDS, Change, Counts, Days, after
from apps.charts.calendar_drawing import LATER, MONTHS, NONE, OFF, Cell, draw_year, swatch
from apps.charts.scales import Scale

__all__ = ["Calendar", "Change", "calendar_of"]

from apps.aurorax.times import DAY

HOLLOW_WORDS = {NONE: "none", OFF: "not expected", LATER: "none yet"}
SIGN_WORDS = {
    "gained": "new records",
    "changed": "changed records",
    "identical": "identical records",
    "lost-partly": "some records go",
    "lost": "all records go",
}


class LegendLine(NamedTuple):
    """A line of the legend."""

    swatch: SafeString
    words: str


@dataclass
class Month:
    """A month for the table: its records, on how many days, where its first day leads, and what a change does to it (by
    the names that `Change` has).
    """

    name: str
    count: int = 0
    days: int = 0
    address: str = ""
    done: Counter[str] = field(default_factory=Counter)

    @property
    def then(self) -> int:
        """Its records when the change is made."""
        return after(self.count, self.done)


@dataclass(frozen=True)
class Year:
    """A year that has something to show."""

    year: int
    picture: SafeString
    months: list[Month]

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)

    @property
    def days(self) -> int:
        """Its days with records."""
        return sum(month.days for month in self.months)


@dataclass(frozen=True)
class Calendar:
    """Years, the latest first; those without anything are left out. `meaning` says what the colours stand for."""

    years: list[Year]
    legend: list[LegendLine]
    meaning: str
    month_names = MONTHS

    @property
    def count(self) -> int:
        return sum(year.count for year in self.years)

    @property
    def days(self) -> int:
        """All days with records."""
        return sum(year.days for year in self.years)

    @property
    def changed_months(self) -> list[Month]:
        """The months that a change speaks of, in the order of time."""
        return [month for year in reversed(self.years) for month in year.months if month.done]

    @property
    def change_table(self) -> list[list[str | int]]:
        """These months: their name, their records now, what is done to them, and their records then. Its first row says
        what is in the columns; there is one for each thing that is done at all.
        """
        months = self.changed_months
        shown = [name for name in CHANGE_WORDS if any(month.done[name] for month in months)]
        head: list[str | int] = ["Month", "Now", *(CHANGE_WORDS[name].capitalize() for name in shown), "Then"]
        rows: list[list[str | int]] = [
            [m.name, m.count, *(m.done[name] for name in shown), m.then] for m in months
        ]
        return [head, *rows]


def calendar_of(
    counts: Counts,
    *,
    scale: Scale,
    link: str = "",
    not_expected: Collection[date] = frozenset(),
    change: Change | None = None,
    today: date | None = None,
) -> Calendar:
    """The calendar of all years in which there are records, days not expected, or changes.

    `link` is the address of a day's records, with `{day}` where the day belongs. A day in `not_expected` that has records
    is shown with them. Counts lag behind, so a day holds at least what `change` has found there. Days after
    `today` (UTC) may have records too: orbits are predicted.
    """
    change, today = change or Change(), today or timezone.now().date()
    days = Days(counts, scale=scale, link=link, not_expected=not_expected, change=change, today=today)
    seen: dict[str, Cell] = {}
    years = [_year(days, year, seen) for year in days.years]
    return Calendar(years, list(_legend(scale, seen)), scale.meaning)


def _year(days: Days, year: int, seen: dict[str, Cell]) -> Year:
    """One year; `seen` collects which classes and signs occur in it."""
    months = [Month(f"{year}-{number:02}") for number in range(1, 13)]
    cells, stop = [], None
    for number in range(366 if isleap(year) else 365):
        day = date(year, 1, 1) + number * DAY
        cell = days.cell(day)
        seen[cell.css] = seen[cell.sign] = cell
        _add(months[day.month - 1], days, day)
        cells.append(cell)
        if day == days.last:
            stop = number
    return Year(year, draw_year(year, cells, stop=stop), months)


def _add(month: Month, days: Days, day: date) -> None:
    """Count a day in its month."""
    if count := days.counts.get(day):
        month.count += count
        month.days += 1
        month.address = month.address or days.link.replace("{day}", day.isoformat())
    month.done.update(days.done.get(day, {}))


def _legend(scale: Scale, seen: dict[str, Cell]) -> Iterator[LegendLine]:
    """All steps of the scale, and of everything else what occurs."""
    for css, words in HOLLOW_WORDS.items():
        if css in seen:
            yield LegendLine(swatch(css), words)
    for step, words in scale.ranges():
        yield LegendLine(swatch(f"l{step}"), words)
    for sign, words in SIGN_WORDS.items():
        if sign in seen:
            yield LegendLine(swatch(seen[sign].css, sign), words)
