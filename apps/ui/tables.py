"""Tables of many rows, as `ui/record_table.html` shows them: all that can be formatted is, before the template.

Cells are put into markup here as well: a hundred rows of twenty cells take Django's template engine 5 ms, escaping and
joining takes 1 ms, and a page has 15 ms in all (tests/bench/pages.py measures it).
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

NUMBER, TEXT = '<td class="n">', "<td>"


@dataclass(frozen=True)
class Column:
    """One column that can be shown or hidden, or several under one heading: latitude and longitude of a location.

    `parts` are the headings of those, short and spelt out. `is_name`: the label is a name from the data, shown as it is.
    """

    name: str
    label: str
    parts: Sequence[tuple[str, str]] = ()
    is_number: bool = False
    is_name: bool = False

    @property
    def width(self) -> int:
        """How many cells of a row it takes."""
        return len(self.parts) or 1


@dataclass(frozen=True)
class Row:
    """One record: its key, its heading and where that leads (nowhere for ""), and its cells as `Markup.cells` makes them."""

    key: str
    heading: str
    url: str
    cells: SafeString
    is_selected: bool = False
    hint: str = ""
    edit_url: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under their columns; `heading` is that of the column with the rows' own headings."""

    caption: str
    heading: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    leads_out: bool = False  # the rows' headings lead to other sites
    has_edit: bool = False

    @property
    def depth(self) -> int:
        """Lines of headings."""
        return 2 if any(column.parts for column in self.columns) else 1

    @property
    def keys(self) -> str:
        """The keys of all rows, for a form that says which rows its ticks were chosen from."""
        return " ".join(row.key for row in self.rows)


class Markup:
    """Makes the cells of rows that all have the same columns."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._openings = [
            NUMBER if column.is_number else TEXT for column in columns for _ in range(column.width)
        ]

    def cells(self, texts: Iterable[str]) -> SafeString:
        """One row's texts as table cells, escaped; one text for each cell."""
        escape = html.escape
        pairs = zip(self._openings, texts, strict=True)
        return mark_safe("".join([f"{opening}{escape(text)}</td>" for opening, text in pairs]))  # noqa: S308 - escaped
