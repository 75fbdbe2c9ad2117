"""Tables of many rows, and which of their columns a person sees."""

from html.parser import HTMLParser

import pytest
from django.contrib.sessions.backends.base import SessionBase

from apps.ui.column_choice import MOST_HIDDEN, choose, hidden_in, shown_of
from apps.ui.tables import DataTable, TableColumn, TableRow
from apps.ui.templatetags.portal import long_list

PLACE = TableColumn("place", "Place", (("lat", "latitude"), ("lon", "longitude")), is_number=True)
NOTE = TableColumn("note", "Note")


class Drawn(HTMLParser):
    """A table of these rows: its elements by name, with their attributes and their texts."""

    def __init__(self, columns: list[TableColumn], *rows: TableRow, leads_out: bool = False) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        table = DataTable("Notes", "Name", columns, rows, leads_out=leads_out)
        self.feed(long_list("ui/record_table.jinja", table=table))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attributes, text = self.found[-1]
            self.found[-1] = tag, attributes, (text + data).strip()

    def of(self, tag: str, attribute: str) -> list[tuple[str | None, str]]:
        """The attribute and the text of every element of this name."""
        return [(attributes.get(attribute), text) for name, attributes, text in self.found if name == tag]


def test_cells_hold_any_text_as_text() -> None:
    texts = ['<b onclick="x">&\'', "1.5", "-2.5"]
    _, *cells = Drawn([NOTE, PLACE], TableRow("a", "A", "", texts)).of("td", "class")
    assert cells == [(None, texts[0]), ("n", "1.5"), ("n", "-2.5")]


def test_a_row_of_another_width_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Drawn([NOTE, PLACE], TableRow("a", "A", "", ["too", "few"]))


def test_columns_in_groups_take_a_second_line_of_headings() -> None:
    rows = [TableRow("a", "A", "", [""]), TableRow("b", "B", "", [""])]
    assert DataTable("Notes", "Name", [NOTE], rows).depth == 1
    assert DataTable("Notes", "Name", [NOTE], rows).keys == "a b"
    assert Drawn([NOTE]).of("abbr", "title") == []
    assert Drawn([NOTE, PLACE]).of("abbr", "title") == [
        ("Place: latitude", "lat"),
        ("Place: longitude", "lon"),
    ]


@pytest.mark.parametrize(("leads_out", "rel"), [(True, "noopener noreferrer"), (False, None)])
def test_a_heading_leads_where_its_row_says(leads_out: bool, rel: str | None) -> None:
    row = TableRow("a", "A & co", '/a?b="1"&c', ["x"], hint='"A"')
    table = Drawn([NOTE], row, TableRow("b", "B", "", ["y"]), leads_out=leads_out)
    assert table.of("a", "href") == [('/a?b="1"&c', "A & co")]
    assert (table.of("a", "title"), table.of("a", "rel")) == ([('"A"', "A & co")], [(rel, "A & co")])
    assert table.of("th", "scope")[-1] == ("row", "B")


def test_what_is_selected_is_ticked_under_its_name() -> None:
    rows = [TableRow("a", "A", "", ["x"], is_selected=True), TableRow("b", "<B>", "", ["y"])]
    _, first, second = [each for tag, each, _ in Drawn([NOTE], *rows).found if tag == "input"]
    assert (first["value"], "checked" in first) == ("a", True)
    assert (second["value"], "checked" in second, second["aria-label"]) == ("b", False, "Select <B>")


@pytest.fixture
def session() -> SessionBase:
    return {}  # type: ignore[return-value]


def names(session: SessionBase, *columns: str, kind: str = "kind") -> list[str]:
    return [column.name for column in shown_of(session, kind, [TableColumn(name, name) for name in columns])]


def test_all_columns_are_shown_until_some_are_hidden(session: SessionBase) -> None:
    assert names(session, "a", "b") == ["a", "b"]
    choose(session, "kind", offered=["a", "b"], ticked=["b"])
    assert names(session, "a", "b") == ["b"]
    assert names(session, "a", "b", kind="another") == ["a", "b"]


def test_a_column_that_was_not_offered_stays_as_it_was(session: SessionBase) -> None:
    choose(session, "kind", offered=["a", "b"], ticked=["b"])
    choose(session, "kind", offered=["b", "c"], ticked=["c"])
    assert names(session, "a", "b", "c", "new") == ["c", "new"]
    choose(session, "kind", offered=["a", "b", "c"], ticked=["a", "b", "c"])
    assert names(session, "a", "b", "c", "new") == ["a", "b", "c", "new"]


def test_what_is_remembered_stays_small(session: SessionBase) -> None:
    choose(session, "kind", offered=[f"column {number}" for number in range(9_999)], ticked=[])
    choose(session, "kind", offered=["x" * 9_999, "last"], ticked=[])
    assert len(hidden_in(session, "kind")) == MOST_HIDDEN
    assert names(session, "last", "x" * 9_999) == ["x" * 9_999]
