"""The first row of CSV files and workbooks: the names of the columns, or already data."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from apps.readers import printed_objects
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMatcher
from apps.readers.table import Layout
from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question

QUESTION, DATA, NAMES = "header", "data", "names"
CHOICES = {
    DATA: "It is data: there is no header, the columns are named by hand below",
    NAMES: "It holds the names of the columns",
}
VALUES_SHOWN = 3  # values of a column that are shown
LONGEST_SAMPLE = 40  # characters
_number = re.compile(
    r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eEdD][+-]?\d+)?|nan|[+-]?inf(?:inity)?", re.IGNORECASE
).fullmatch
_time = re.compile(
    r"\d{1,4}[-/.]\d{1,3}(?:[-/.]\d{1,4})?(?:[T ,:].*)?"  # 2020-01-01, 01/01/2020 00:00, 2020:001 is below
    r"|\d{8}T?\d{0,6}Z?|\d{4}:\d{3}:.*"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}.*"  # 01-Jan-2020
    r"|(?:[A-Za-z]{3,9},? )?[A-Za-z]{3,9} +\d{1,2},? .*\d{4}.*"  # Wed Jan 01 00:01:00 2020
    r"|\d{1,2}:\d\d(?::\d\d.*)?( ?[AaPp][Mm])?"
).fullmatch


class Header(NamedTuple):
    """The names of the columns; with `is_data` they are made up, and the row is a row like any other. `unnamed` are those of
    them that are made up.
    """

    names: list[str]
    is_data: bool = False
    questions: Sequence[Question] = ()
    unnamed: Sequence[str] = ()

    def shown(self, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
        """Of the columns without a name, as fields of the dialect: their first values, and which of them number the rows."""
        places = {name: self.names.index(name) for name in self.unnamed}
        numbers = [name for name, place in places.items() if not self.is_data and _counts_rows(rows, place)]
        return {"samples": samples(places, rows), "row_numbers": numbers}


def header_of(line: int, cells: Sequence[str], rows: Sequence[Sequence[str]], layout: Layout) -> Header:
    """What the first row is. `rows` are the first below it. Raises `UnreadableFile` when a column has no name."""
    printed_objects.refuse(chain(cells, *rows))
    asked: list[Question] = []
    if any(map(is_value, cells)):
        question = _question(line, cells, rows, layout)
        asked = [question]
        if layout.dialect.answers.get(QUESTION, question.default) == DATA:
            names = [made_up(place) for place in range(len(cells))]
            return Header(names, True, asked, names)
    _refuse_title(line, cells)
    names = [cell.strip() or made_up(place) for place, cell in enumerate(cells)]
    unnamed = [name for name, cell in zip(names, cells, strict=True) if not cell.strip()]
    return Header(names, False, asked, unnamed)


def made_up(place: int) -> str:
    """A name for a column that has none."""
    return f"column {place + 1}"


def with_row_names(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells of a header; where all rows below have one more, the first column, of row names, has no name (R)."""
    width = len(cells) + 1
    is_short = bool(rows) and all(len(row) == width and row[-1] for row in rows if any(row))
    return ["", *cells] if is_short and any(map(any, rows)) else [*cells]


def _counts_rows(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column goes up by one from 0 or 1, as pandas and R number rows."""
    cells = [row[place].strip() for row in rows if place < len(row)]
    return bool(cells) and any(cells == [str(first + n) for n in range(len(cells))] for first in (0, 1))


def samples(places: Mapping[str, int], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The first values of each column, for people who have to say what it is."""
    found = {}
    for name, place in places.items():
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        found[name] = ", ".join(value[:LONGEST_SAMPLE] for value in islice(values, VALUES_SHOWN))
    return found


def is_value(cell: str) -> bool:
    """Whether it is a time or a number, which few columns are called."""
    text = cell.strip()
    return bool(_number(text) or _time(text))


def _question(line: int, cells: Sequence[str], rows: Sequence[Sequence[str]], layout: Layout) -> Question:
    value = next(filter(is_value, cells)).strip()
    matcher = HeaderMatcher(layout.columns, {})
    is_named = any(matcher.of(cell) for cell in cells if not is_value(cell))
    return Question(
        QUESTION,
        f"Row {line} holds a value, “{display_value(value)[:LONGEST_SAMPLE]}”, where names of columns should be. Has the file no"
        " header?",
        CHOICES,
        [display_value(" | ".join(row)) for row in [cells, *rows][:SAMPLES]],
        NAMES if is_named else DATA,
    )


def _refuse_title(line: int, cells: Sequence[str]) -> None:
    unnamed = [place for place, cell in enumerate(cells, start=1) if not cell.strip()]
    if unnamed and len(unnamed) == len(cells) - 1:
        title = display_value(next(cell for cell in cells if cell.strip()))[:LONGEST_SAMPLE]
        raise UnreadableFile(
            f"Line {line} holds a title, “{title}”, and no names of columns. Remove what stands above the names, so that"
            " they are in the first line, and upload the file again."
        )
