"""Tables of many rows, and which of their columns a person sees."""

from xml.etree import ElementTree

import pytest
from django.contrib.sessions.backends.base import SessionBase

from apps.ui.column_choice import MOST_HIDDEN, choose, hidden_in, shown_of
from apps.ui.tables import Column, Markup, Row, Table

PLACE = Column("place", "Place", (("lat", "latitude"), ("lon", "longitude")), is_number=True)
NOTE = Column("note", "Note")


def test_cells_hold_any_text_as_text() -> None:
    cells = Markup([NOTE, PLACE]).cells(['<b onclick="x">&\'', "1.5", ""])
    note, lat, lon = ElementTree.fromstring(f"<tr>{cells}</tr>")
    assert (note.text, lat.text, lon.text) == ('<b onclick="x">&\'', "1.5", None)
    assert (note.get("class"), lat.get("class"), lon.get("class")) == (None, "n", "n")


def test_a_row_of_another_width_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Markup([NOTE, PLACE]).cells(["too", "few"])


def test_columns_in_groups_take_a_second_line_of_headings() -> None:
    row = Row("a", "A", "", Markup([NOTE]).cells([""]))
    assert Table("Notes", "Name", [NOTE], [row]).depth == 1
    assert Table("Notes", "Name", [NOTE, PLACE], [row, Row("b", "B", "", row.cells)]).depth == 2
    assert Table("Notes", "Name", [NOTE], [row, Row("b", "B", "", row.cells)]).keys == "a b"


@pytest.fixture
def session() -> SessionBase:
    return {}  # type: ignore[return-value]


def names(session: SessionBase, *columns: str, kind: str = "kind") -> list[str]:
    return [column.name for column in shown_of(session, kind, [Column(name, name) for name in columns])]


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
