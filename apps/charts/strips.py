"""Months in a row, coloured by how many records each has: the small picture of what there is. It knows no feature."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.safestring import SafeString

from apps.charts.calendar_drawing import swatch
from apps.charts.scales import STEPS, Scale

WIDTH, HEIGHT = 4, 10  # of a month; the style sheet stretches the whole
HEIGHTS = (0, 4, 5.5, 7, 8.5, 10)  # by step, so that steps differ without colour
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


@dataclass(frozen=True)
class Strip:
    """The picture, and the same in words: which months have records."""

    picture: SafeString
    words: str


def strip_of(
    counts: Mapping[date, int],
    *,
    years: range,
    scale: Callable[[list[int]], Callable[[date], Scale]],
    today: date,
) -> Strip:
    """The strip of these years, from counts a day.

    `scale` is given the counts of all months that have records, and answers for each month how it is coloured.
    """
    months = months_of(counts, years)
    scale_of = scale([month.count for month in months if month.count])
    shapes = "".join(_shapes(months, scale_of))
    return Strip(
        SafeString(
            f'<svg class="counts strip" viewBox="0 0 {len(months) * WIDTH} {HEIGHT}" preserveAspectRatio="none"'
            f' aria-hidden="true">{shapes}{_lines(years, today)}</svg>'
        ),
        in_words(months),
    )


def months_of(counts: Mapping[date, int], years: range) -> list[StripMonth]:
    """All months of these years in their order."""
    totals: dict[tuple[int, int], list[int]] = {}
    for day, count in counts.items():
        if count > 0:
            totals.setdefault((day.year, day.month), []).append(count)
    return [
        StripMonth(date(year, month, 1), sum(found), len(found))
        for year in years
        for month in range(1, 13)
        for found in [totals.get((year, month), [])]
    ]


def in_words(months: Sequence[StripMonth]) -> str:
    """Which months have records, as stretches; how many there are where naming them would take too long."""
    stretches = [
        [month.name for month in stretch] for held, stretch in groupby(months, lambda m: m.count > 0) if held
    ]
    if not stretches:
        return f"none from {months[0].name} to {months[-1].name}"
    if len(stretches) <= MOST_STRETCHES:
        return ", ".join(_from_to(names) for names in stretches)
    held = sum(map(len, stretches))
    return f"{held} months from {stretches[0][0]} to {stretches[-1][-1]}, with {len(stretches) - 1} gaps"


def legend() -> list[tuple[SafeString, str]]:
    """A swatch and its words for each step."""
    return [(swatch(f"l{step}"), STEP_WORDS[step - 1]) for step in range(1, STEPS + 1)]


def _shapes(months: Sequence[StripMonth], scale_of: Callable[[date], Scale]) -> Iterator[str]:
    """A bar for each month that has records, and one shape for each stretch that has none."""
    place = 0
    for held, stretch in groupby(months, lambda month: month.count > 0):
        found = list(stretch)
        if held:
            for number, month in enumerate(found, start=place):
                yield _bar(number, month, scale_of(month.first).step(month.count))
        else:
            words = f"{_from_to([month.name for month in found])}: none"
            yield _shape("l0", place, len(found), HEIGHT, words)
        place += len(found)


def _bar(number: int, month: StripMonth, step: int) -> str:
    words = f"{month.name}: {month.count:,} on {month.days} day{'' if month.days == 1 else 's'}"
    return _shape(f"l{step}", number, 1, HEIGHTS[step], words)


def _shape(css: str, place: int, months: int, height: float, words: str) -> str:
    width = months * WIDTH
    path = f"M{place * WIDTH} {HEIGHT - height:g}h{width}V{HEIGHT}h-{width}z"
    return f'<path class="{css}" d="{path}"><title>{words}</title></path>'


def _lines(years: range, today: date) -> str:
    """Where years meet, and where today is."""
    edges = "".join(f"M{number * 12 * WIDTH} 0v{HEIGHT}" for number in range(1, len(years)))
    drawn = f'<path class="edge" d="{edges}"/>' if edges else ""
    if today.year in years:
        at = (today.year - years[0]) * 12 * WIDTH + (today.month - 1 + today.day / 31) * WIDTH
        drawn += f'<path class="today" d="M{at:g} 0v{HEIGHT}"><title>today, {today}</title></path>'
    return drawn


def _from_to(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
