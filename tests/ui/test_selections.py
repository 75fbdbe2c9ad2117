"""Selections that outlive a page."""

import json

import pytest
from django.contrib.sessions.backends.base import SessionBase

from apps.ui.selections import KEPT, SESSION_KEY, Selection, SelectionChanged, everything, keep, selection_in

ALL = [f"key {number}" for number in range(10)]
FIRST, SECOND = ALL[:5], ALL[5:]


class Session(dict[str, object]):
    """Like Django's: what is kept comes back as JSON has it."""

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, json.loads(json.dumps(value)))


@pytest.fixture
def session() -> SessionBase:
    return Session()  # type: ignore[return-value]


def selected(selection: Selection) -> list[str]:
    return [key for key in ALL if key in selection]


def test_pages_add_up() -> None:
    selection = Selection().with_page("1", FIRST, ["key 1", "key 2"]).with_page("2", SECOND, ["key 7"])
    assert selected(selection) == ["key 1", "key 2", "key 7"]
    assert (len(selection), selection.page_count) == (3, 2)


def test_a_page_that_is_left_again_replaces_only_what_it_shows() -> None:
    selection = Selection().with_page("1", FIRST, FIRST).with_page("2", SECOND, SECOND)
    again = selection.with_page("1", FIRST, ["key 0"])
    assert selected(again) == ["key 0", *SECOND]


def test_records_that_have_moved_to_another_page_are_counted_once() -> None:
    selection = Selection().with_page("1", FIRST, ["key 4"]).with_page("2", ["key 4", "key 5"], ["key 4"])
    assert (len(selection), selection.page_count) == (1, 1)


def test_what_was_ticked_but_not_shown_is_not_selected() -> None:
    assert len(Selection().with_page("1", FIRST, ["key 9", "nonsense"])) == 0


def test_everything_is_the_filter_and_keeps_no_keys() -> None:
    selection = everything(ALL)
    assert selected(selection) == ALL
    assert (len(selection), selection.single_count) == (10, 0)


def test_some_can_be_taken_out_of_everything_and_put_back() -> None:
    selection = everything(ALL).with_page("1", FIRST, ["key 0", "key 1"])
    assert selected(selection) == ["key 0", "key 1", *SECOND]
    assert (len(selection), selection.single_count) == (7, 3)
    assert selected(selection.with_page("1", FIRST, FIRST)) == ALL


def test_what_is_selected_is_taken_from_what_is_there_now() -> None:
    assert Selection().with_page("1", FIRST, ["key 3"]).chosen(ALL, str) == ["key 3"]
    assert everything(ALL).with_page("1", FIRST, []).chosen(ALL, str) == SECOND


@pytest.mark.parametrize(
    ("selection", "there", "was", "now"),
    [
        (Selection().with_page("1", FIRST, ["key 0", "key 1"]), ALL[1:], 2, 1),  # one is gone
        (everything(ALL), [*ALL, "key 10"], 10, 11),  # one has come
        (everything(ALL), ALL[1:], 10, 9),
        (everything(ALL), [*ALL[1:], "key 10"], 10, 10),  # as many, but others
        (everything(ALL).with_page("1", FIRST, FIRST[1:]), ALL[1:], 9, 9),  # the one that was taken out
    ],
)
def test_a_selection_that_no_longer_means_the_same_is_not_acted_on(
    selection: Selection, there: list[str], was: int, now: int
) -> None:
    with pytest.raises(SelectionChanged) as changed:
        selection.chosen(there, str)
    assert (changed.value.was, changed.value.now) == (was, now)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection().with_page("1", FIRST, ["key 0", "key 1"]), ["key 1"]),
        (everything(ALL), [*ALL[1:], "key 10"]),
        (
            everything(ALL).with_page("1", FIRST, ["key 0", "key 1", "key 2", "key 3"]),
            [*ALL[1:4], *SECOND, "key 10"],
        ),
    ],
)
def test_selecting_again_means_what_is_there_now(selection: Selection, expected: list[str]) -> None:
    there = [*ALL[1:], "key 10"]
    assert selection.again(there).chosen(there, str) == expected


def test_a_selection_comes_back_from_the_session(session: SessionBase) -> None:
    for selection in (Selection().with_page("1", FIRST, FIRST), everything(ALL).with_page("2", SECOND, [])):
        keep(session, "list", selection)
        assert selection_in(session, "list") == selection
        assert selected(selection_in(session, "list")) == FIRST
    assert len(selection_in(session, "another list")) == 0


def test_an_empty_selection_is_forgotten(session: SessionBase) -> None:
    keep(session, "list", everything(ALL))
    keep(session, "list", Selection())
    assert session[SESSION_KEY] == {}


def test_only_the_last_few_selections_are_kept(session: SessionBase) -> None:
    for number in range(KEPT + 1):
        keep(session, f"list {number}", everything(ALL))
    keep(session, "list 1", everything(FIRST))  # the oldest, used again
    keep(session, "list 9", everything(ALL))
    assert list(session[SESSION_KEY]) == ["list 3", "list 4", "list 5", "list 1", "list 9"]
