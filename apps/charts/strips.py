"""Months and how many records each has: counting them, and saying it in words. It knows no feature."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.safestring import SafeString

from apps.charts.calendar_drawing import swatch
from apps.charts.scales import STEPS

MOST_STRETCHES = 4  # that are named one by one
STEP_WORDS = ("less than a quarter", "less than half", "less than three quarters", "less than all", "all")


@dataclass(frozen=True)
class StripMonth:
    """A month by its first day: its records, and on how many days there are any."""

    first: date
    count: int
    days: int

    @property
    def name(self) -> str:
        """`2020-01`."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        """`2020-01: 1,440 on 1 day`."""
        return f"{self.name}: {self.count:,} on {self.days} day{'' if self.days == 1 else 's'}"


def months_of(counts: Mapping[date, int], months: Iterable[date]) -> list[StripMonth]:
    """These months, by their first days, from counts a day."""
    totals: dict[tuple[int, int], list[int]] = {}
    for day, count in counts.items():
        if count > 0:
            totals.setdefault((day.year, day.month), []).append(count)
    return [
        StripMonth(month, sum(found), len(found))
        for month in months
        for found in [totals.get((month.year, month.month), [])]
    ]


def months_back(last: date, count: int) -> list[date]:
    """The first days of this many months, the month of `last` being the last of them."""
    latest = last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(latest - count + 1, latest + 1)]


def in_words(months: Sequence[StripMonth]) -> str:
    """Which months have records, as stretches; how many there are where naming them would take too long."""
    stretches = [
        [month.name for month in stretch] for held, stretch in groupby(months, lambda m: m.count > 0) if held
    ]
    if not stretches:
        return f"none from {months[0].name} to {months[-1].name}"
    if len(stretches) <= MOST_STRETCHES:
        return ", ".join(from_to(names) for names in stretches)
    held = sum(map(len, stretches))
    return f"{held} months from {stretches[0][0]} to {stretches[-1][-1]}, with {len(stretches) - 1} gaps"


def from_to(names: Sequence[str]) -> str:
    """`2020-01 to 2020-03`, or the only one."""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def legend() -> list[tuple[SafeString, str]]:
    """A swatch and its words for each step."""
    return [(swatch(f"l{step}"), STEP_WORDS[step - 1]) for step in range(1, STEPS + 1)]
