"""Comparing three versions of a data source."""

from typing import Any

import pytest

from apps.aurorax import DataSource
from apps.sources.changes import NoBase, differences, merge, same, seal, unseal


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a", " a ", True),
        ("a", "A", False),
        (None, "", True),
        ([], None, True),
        ({}, None, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": ""}, {}, False),
        ({"a": [1, 2]}, {"a": [2, 1]}, False),
        (["a\r\nb"], ["a\nb"], True),
        ([{"field_name": "a", "searchable": None}], [{"field_name": "a"}], True),
        ([{"field_name": "a", "searchable": False}], [{"field_name": "a"}], False),
        ([{"allowed_values": ["x", ""]}], [{"allowed_values": ["x"]}], True),
        ([{"allowed_values": ["x", "y"]}], [{"allowed_values": ["y", "x"]}], False),
    ],
)
def test_values_are_the_same_when_a_form_cannot_tell_them_apart(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "sent", "asked"),
    [
        ("a", "a", "a", False, False),
        ("a", "b", "a", True, False),
        ("a", "a", "b", False, False),
        ("a", "b", "b", False, False),
        ("a", "b", "c", False, True),
    ],
)
def test_a_field_is_sent_left_or_asked_about(
    base: str, mine: str, theirs: str, sent: bool, asked: bool
) -> None:
    merged = merge(base={"platform": base}, mine={"platform": mine}, theirs={"platform": theirs})
    assert (bool(merged.changes), bool(merged.conflicts)) == (sent, asked)


def test_differences_name_what_is_emptied() -> None:
    [difference] = differences({"a": "x", "b": "same"}, {"a": "", "b": "same "})
    assert difference == ("a", "x", "")


def test_a_sealed_version_opens_only_whole_and_for_its_own_source() -> None:
    source = DataSource(7, display_name="Seven")
    sealed = seal(source)
    assert unseal(sealed, source)["display_name"] == "Seven"
    for wrong, of in ((sealed[:-1], source), (sealed, DataSource(8)), ("", source)):
        with pytest.raises(NoBase):
            unseal(wrong, of)
