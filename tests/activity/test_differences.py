"""Before and after, field by field."""

from typing import Any

import pytest

from apps.activity.differences import compare


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, [("a", "1", "1")]),
        ({"a": None}, {"a": {"b": 1}}, [("a.b", None, "1")]),
        ({"a": {"b": 1}}, {"a": None}, [("a.b", "1", None)]),
        ({"a": {}}, {"a": None}, [("a", "{}", "null")]),
        (None, {"a": {"b": "x"}, "c": True}, [("a.b", None, "x"), ("c", None, "true")]),
        ({"a": 1}, None, [("a", "1", None)]),
        ("text", 5, [("value", "text", "5")]),
        (None, None, []),
    ],
)
def test_fields_are_laid_beside_each_other(before: Any, after: Any, expected: list[tuple[Any, ...]]) -> None:
    assert [tuple(field) for field in compare(before, after)] == expected


def test_only_what_is_different_differs() -> None:
    fields = compare({"same": [1, 2], "other": 1}, {"same": [1, 2], "other": 2})
    assert {field.name: field.differs for field in fields} == {"same": False, "other": True}
