"""Words beside points, placed so that they cover neither each other nor the points."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from apps.charts.maps.arrays import Numbers

# Units. Half the width of a point's own box, and about the width of a letter: the font is known to the browser only.
POINT = 5.0
LETTER = 0.58  # of the font size


class Label(NamedTuple):
    """Words at x, y, the left, middle or right end of their base line (SVG's text-anchor)."""

    x: float
    y: float
    text: str
    anchor: str


def place(
    points: Numbers, texts: Sequence[str], *, size: float, width: float, height: float
) -> list[Label | None]:
    """A label for each point, to its right, left, top or bottom; None where there is no room, or no text.

    The first points choose first. `size` is that of the font in units, `width` and `height` those of the picture.
    """
    taken = np.concatenate((points - POINT, points + POINT), axis=1)
    found: list[Label | None] = []
    for number, text in enumerate(texts):
        label = None
        if text:
            others = np.delete(taken, number, axis=0)
            label, box = _first_free(points[number].tolist(), text, size, others, (width, height))
            if label:
                taken = np.concatenate((taken, [box]))
        found.append(label)
    return found


def _first_free(
    point: list[float], text: str, size: float, taken: Numbers, edges: tuple[float, float]
) -> tuple[Label | None, Numbers]:
    for label, box in _choices(point, text, size):
        inside = box[:2].min() >= 0 and box[2] <= edges[0] and box[3] <= edges[1]
        if inside and not _meets(box, taken):
            return label, box
    return None, np.zeros(4)


def _choices(point: list[float], text: str, size: float) -> list[tuple[Label, Numbers]]:
    """The four labels, each with its box: left, top, right, bottom."""
    x, y = point
    length, near = len(text) * size * LETTER, POINT + 1
    choices = []
    for across, down, anchor, left in (
        (near, size * 0.35, "start", 0.0),
        (-near, size * 0.35, "end", -length),
        (0.0, -near - 1, "middle", -length / 2),
        (0.0, near + size * 0.8, "middle", -length / 2),
    ):
        begin, base = x + across + left, y + down
        box = np.array([begin, base - size * 0.8, begin + length, base + size * 0.2])
        choices.append((Label(round(x + across, 1), round(base, 1), text, anchor), box))
    return choices


def _meets(box: Numbers, taken: Numbers) -> bool:
    left, top, right, bottom = taken.T
    return bool(((left < box[2]) & (right > box[0]) & (top < box[3]) & (bottom > box[1])).any())
