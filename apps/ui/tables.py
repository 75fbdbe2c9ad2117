"""Tables of many rows, as `ui/record_table.html` shows them: all that can be formatted is, before the template.

The rows themselves are drawn by Jinja2: `ui/record_rows.jinja`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class TableColumn:
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
class TableRow:
    """One record: its key, its heading and where that leads (nowhere for ""), and the text of each cell. `note` stands
    behind the heading.
    """

    key: str
    heading: str
    url: str
    texts: Sequence[str]
    is_selected: bool = False
    hint: str = ""
    edit_url: str = ""
    note: str = ""


@dataclass(frozen=True)
class DataTable:
    """Rows under their columns; `heading` is that of the column with the rows' own headings."""

    caption: str
    heading: str
    columns: Sequence[TableColumn]
    rows: Sequence[TableRow]
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

    def cells(self, row: TableRow) -> Iterable[tuple[bool, str]]:
        """Whether it is a number, and the text, for each cell of a row. A row of another width than the table is a mistake:
        ValueError.
        """
        return zip(self._are_numbers, row.texts, strict=True)

    @cached_property
    def _are_numbers(self) -> list[bool]:
        return [column.is_number for column in self.columns for _ in range(column.width)]
