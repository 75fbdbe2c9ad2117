"""Keograms drawn as SVG: a strip of sky from south to north for every minute of a day, so that galleries have something
to show. The same day always looks the same, and an hour of it is the very part of the day's picture.
"""

import math
from datetime import date
from random import Random

HEIGHT = 256  # from south (bottom) to north (top)
DAY = 1440  # minutes, one unit of width each
LAST_PICTURE = 796  # the minute of a day after which it is too light
STEP = 12  # minutes between two points of an arc
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{left} 0 {width} {height}"'
    ' preserveAspectRatio="none"><defs><linearGradient id="sky"><stop offset="0" stop-color="#1c3a63"/>'
    '<stop offset=".15" stop-color="#071219"/><stop offset=".9" stop-color="#071219"/>'
    '<stop offset="1" stop-color="#3b5f8f"/></linearGradient>'
    '<filter id="soft" x="-10%" width="120%" y="-60%" height="220%"><feGaussianBlur stdDeviation="5 11"/></filter></defs>'
    '<rect width="{day}" height="{height}" fill="#000"/><rect width="{last}" height="{height}" fill="url(#sky)"/>'
    '<g filter="url(#soft)" fill="none">{arcs}</g></svg>'
)


def keogram(day: date, hour: int | None = None) -> str:
    """The keogram of a day, or of one hour of it."""
    left, width = (0, DAY) if hour is None else (hour * 60, 60)
    dice = Random(day.toordinal())  # noqa: S311 - a picture, not a secret
    arcs = "".join(_arc(dice) for _ in range(dice.randint(3, 5)))
    return FRAME.format(left=left, width=width, height=HEIGHT, day=DAY, last=LAST_PICTURE, arcs=arcs)


def _arc(dice: Random) -> str:
    """An arc that drifts over the sky and brightens and fades on its way; now and then with a red upper edge."""
    begin, length = dice.randint(40, 400), dice.randint(180, 420)
    end = min(begin + length, LAST_PICTURE - 20)
    middle, swing, period = dice.randint(70, 190), dice.randint(10, 45), dice.randint(90, 300)
    pieces = []
    for minute in range(begin, end, STEP):
        height = middle + swing * math.sin(minute / period * math.tau) + dice.uniform(-7, 7)
        light = max(0.05, math.sin((minute - begin) / (end - begin) * math.pi)) * dice.uniform(0.35, 1)
        pieces.append(_piece(minute, height, light, "#4be38a", dice.randint(14, 44)))
        if light > 0.75:
            pieces.append(_piece(minute, height - 34, light / 3, "#d8506a", 26))
    return "".join(pieces)


def _piece(minute: int, height: float, light: float, colour: str, thickness: int) -> str:
    return (
        f'<path d="M{minute} {height:.0f}h{STEP + 1}" stroke="{colour}" stroke-opacity="{light:.2f}"'
        f' stroke-width="{thickness}"/>'
    )
