"""One row of a heat matrix: a cell for each month, coloured by how many records it has, in a lane for each kind of record.

Heights differ with the colours, so that nobody needs to tell colours apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.safestring import SafeString

from apps.charts.scales import Scale
from apps.charts.strips import StripMonth, from_to, in_words, months_of

WIDE = 416  # pixels that a row may take, unless that makes a month too narrow to see
NARROWEST, WIDEST = 4, 18  # pixels of a month
HEIGHT = 22
BETWEEN = 2  # lanes
SHARES = (1.0, 0.4, 0.55, 0.7, 0.85, 1.0)  # of a lane's height, by step
AXIS = 14  # pixels, the height of the line of years


class Lane(NamedTuple):
    """One kind of record: its name, its counts a day, and what says for all counts how each month is coloured."""

    label: str
    counts: Mapping[date, int]
    scale: Callable[[list[int]], Callable[[date], Scale]]


@dataclass(frozen=True)
class HeatRow:
    """The picture, and the same in words."""

    picture: SafeString
    words: str


def heat_of(lanes: Sequence[Lane], *, months: Sequence[date]) -> HeatRow:
    """The row of these months, given by their first days, with the lanes below one another."""
    pitch = pitch_of(months)
    height = (HEIGHT - BETWEEN * (len(lanes) - 1)) / max(len(lanes), 1)
    shapes: list[str] = []
    words: list[str] = []
    for number, lane in enumerate(lanes):
        found = months_of(lane.counts, months)
        scale_of = lane.scale([month.count for month in found if month.count])
        shapes += _shapes(found, scale_of, pitch, number * (height + BETWEEN), height)
        words.append(f"{lane.label} by month: {in_words(found)}.")
    return HeatRow(_svg("counts heat", len(months) * pitch, HEIGHT, "".join(shapes)), " ".join(words))


def axis_of(months: Sequence[date]) -> SafeString:
    """The years, each where its January stands; the first also where it begins later."""
    pitch = pitch_of(months)
    marks = [number for number, month in enumerate(months) if month.month == 1]
    if months and (not marks or marks[0] * pitch >= 2 * AXIS):
        marks.insert(0, 0)
    texts = "".join(f'<text x="{mark * pitch}" y="11">{months[mark].year}</text>' for mark in marks)
    return _svg("heat-axis", len(months) * pitch, AXIS, texts)


def pitch_of(months: Sequence[date]) -> int:
    """Pixels from one month to the next."""
    return max(NARROWEST, min(WIDEST, WIDE // max(len(months), 1)))


def _svg(css: str, width: int, height: int, inside: str) -> SafeString:
    return SafeString(
        f'<svg class="{css}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
        f"{inside}</svg>"
    )


def _shapes(
    months: Sequence[StripMonth], scale_of: Callable[[date], Scale], pitch: int, top: float, height: float
) -> Iterator[str]:
    """A cell for each month that has records, and one path for each stretch that has none."""
    place = 0
    for held, stretch in groupby(months, lambda month: month.count > 0):
        found = list(stretch)
        if held:
            for number, month in enumerate(found, start=place):
                step = scale_of(month.first).step(month.count)
                yield _path(step, [number], pitch, (top, height), month.words)
        else:
            words = f"{from_to([month.name for month in found])}: none"
            yield _path(0, range(place, place + len(found)), pitch, (top, height), words)
        place += len(found)


def _path(step: int, places: Sequence[int], pitch: int, lane: tuple[float, float], words: str) -> str:
    """These months in one colour; `lane` is its upper edge and its height."""
    top, height = lane
    tall, across = height * SHARES[step], pitch - 1
    y = top + height - tall
    path = "".join(f"M{place * pitch} {y:g}h{across}v{tall:g}h-{across}z" for place in places)
    return f'<path class="l{step}" d="{path}"><title>{words}</title></path>'
