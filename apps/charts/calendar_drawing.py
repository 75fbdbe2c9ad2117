"""How one year of a calendar is drawn: a week is a column, Monday on top. Only geometry; what a day means comes with it.

Ten years are 3,650 days with a link and a tooltip each, so every byte of a day counts: shapes are paths that repeat from
week to week, which compresses well, and colours come from the style sheet by class (`.counts` in `portal.css`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

PITCH = 10  # from one day to the next; a day itself is 9 x 9
LEFT, TOP = 46, 14  # room for the year and the weekdays, and for the months
WEEKS = 54  # that a year can touch: a leap year that begins on a Sunday
VIEW = f"{-LEFT} {-TOP} {LEFT + WEEKS * PITCH} {TOP + 7 * PITCH}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ((0, "Mon"), (2, "Wed"), (4, "Fri"))

# Classes of a day: `l1` to `l5` by count, and those that are hollow.
NONE, LATER, OFF, GONE = "l0", "later", "off", "gone"
HOLLOW = {NONE, LATER, OFF, GONE}

SQUARES = [f"M0 {row * PITCH}h9v9H0z" for row in range(7)]
# With a stroke across, so that it differs from an empty day by its shape.
HATCHED = [f"M0 {row * PITCH}h9v9H0zm0 9l9-9" for row in range(7)]
# What a write does to a day, drawn over it from its upper left corner.
SIGNS = {
    "gained": "m4.5 1.5v6m-3-3h6",
    "changed": "m4.5 1.5l3 3-3 3-3-3z",
    "identical": "m2 3.25h5m-5 2.5h5",
    "lost": "m1.5 1.5l6 6m0-6l-6 6",
    "lost-partly": "m1.5 7.5l6-6",
}


class Cell(NamedTuple):
    """One day: its class, its tooltip, where it leads (or nowhere), and the sign drawn over it (or none)."""

    css: str
    words: str
    address: str = ""
    sign: str = ""


def draw_year(year: int, cells: Sequence[Cell], *, stop: int | None) -> SafeString:
    """The SVG of a year, `cells` from 1 January to 31 December; their words and addresses are HTML already.

    `stop` is the index of the day that the Tab key leads to.
    """
    first = date(year, 1, 1).weekday()
    return SafeString(
        f'<svg class="counts day-calendar-year" viewBox="{VIEW}" role="group" aria-label="{year}">'
        f"{_labels(year, first)}{''.join(_weeks(first, cells, stop))}{_signs(first, cells)}</svg>"
    )


def swatch(css: str, sign: str = "") -> SafeString:
    """A single day, for a legend."""
    shape = (HATCHED if css == OFF else SQUARES)[0]
    over = f'<path class="{_sign_class(css)}" d="M0 0{SIGNS[sign]}"/>' if sign else ""
    return SafeString(
        '<svg class="counts day-calendar-swatch" viewBox="-1 -1 11 11" aria-hidden="true">'
        f'<path class="{css}" d="{shape}"/>{over}</svg>'
    )


def _labels(year: int, first: int) -> str:
    """The year, the months over the week of their first day, and three weekdays; for the eye only."""
    months = "".join(
        f'<text x="{(first + _day_of_year(year, month)) // 7 * PITCH}" y="-4">{name}</text>'
        for month, name in enumerate(MONTHS, start=1)
    )
    weekdays = "".join(f'<text class="weekday" y="{row * PITCH + 8}">{name}</text>' for row, name in WEEKDAYS)
    own = f'<text class="year" x="{-LEFT}" y="-4">{year}</text>'
    return f'<g aria-hidden="true">{own}{months}<g transform="translate(-4)">{weekdays}</g></g>'


def _day_of_year(year: int, month: int) -> int:
    return (date(year, month, 1) - date(year, 1, 1)).days


def _weeks(first: int, cells: Sequence[Cell], stop: int | None) -> Iterator[str]:
    yield "<g>"
    for index, (css, words, address, _) in enumerate(cells):
        column, row = divmod(first + index, 7)
        if row == 0 and column:
            yield f'</g><g transform="translate({column * PITCH})">'
        shape = (HATCHED if css == OFF else SQUARES)[row]
        if address:
            yield (
                f'<a href="{address}" tabindex="{"0" if index == stop else "-1"}"><title>{words}</title>'
                f'<path class="{css}" d="{shape}"/></a>'
            )
        else:
            yield f'<path class="{css}" d="{shape}"><title>{words}</title></path>'
    yield "</g>"


def _signs(first: int, cells: Sequence[Cell]) -> str:
    """All signs of a year, in one path for those on filled days and one for those on hollow days."""
    paths: dict[str, list[str]] = {}
    for index, cell in enumerate(cells):
        if cell.sign:
            column, row = divmod(first + index, 7)
            move = f"M{column * PITCH} {row * PITCH}{SIGNS[cell.sign]}"
            paths.setdefault(_sign_class(cell.css), []).append(move)
    return "".join(f'<path class="{css}" d="{"".join(moves)}"/>' for css, moves in paths.items())


def _sign_class(css: str) -> str:
    return "sign bare" if css in HOLLOW else "sign"
