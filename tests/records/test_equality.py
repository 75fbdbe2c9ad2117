"""What counts as the same value: canonical JSON that is equal, or floats as near as storing a double leaves them."""

import json
from collections.abc import Iterator
from math import isclose, nextafter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.records.equality import FLOAT_BOUND, equal
from tests.support.properties import property_settings

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, -0.0, 1.0, "", "0", "1", "true", "null", 2**53, 2.0**53, 2**53 + 1, 1e300])
    | st.text(max_size=4)
)
NAMES = st.sampled_from(["", "a", "b", "lat"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def canonical(value: Any) -> str:
    """As RFC 8785 means it: members sorted, 1.0 written 1, -0.0 written 0."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(member) for name, member in value.items()}
        if isinstance(value, list):
            return [plain(member) for member in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return json.dumps(plain(value), sort_keys=True)


def parts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path, and every list and object with what holds it together."""
    if isinstance(value, dict):
        yield path, {}
        for name, member in value.items():
            yield from parts(member, f"{path}/{name!r}")
    elif isinstance(value, list):
        yield path, []
        for place, member in enumerate(value):
            yield from parts(member, f"{path}/{place}")
    else:
        yield path, value


def says_the_same(ours: Any, theirs: Any) -> bool:
    """By the words of the promise, and by nothing that `equal` is made of."""
    left, right = dict(parts(ours)), dict(parts(theirs))
    return left.keys() == right.keys() and all(
        canonical(value) == canonical(right[path])
        or (
            isinstance(value, float)
            and isinstance(right[path], float)
            and isclose(value, right[path], rel_tol=FLOAT_BOUND, abs_tol=0.0)
        )
        for path, value in left.items()
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two values that are often nearly the same: one leaf in the second is another, a little or entirely."""
    first = draw(VALUES)

    def changed(value: Any) -> Any:
        if isinstance(value, dict) and value and draw(st.booleans()):
            name = draw(st.sampled_from(sorted(value)))
            return dict(reversed({**value, name: changed(value[name])}.items()))
        if isinstance(value, list) and value and draw(st.booleans()):
            return [changed(value[0]), *value[1:]]
        if isinstance(value, float):
            factor = draw(st.sampled_from([1.0, 1 + 4e-15, 1 - 9e-15, 1 + 2e-14, 1 + 1e-9, 1.5]))
            return value * factor if abs(value) < 1e300 else value
        if isinstance(value, int):
            return draw(
                st.sampled_from([value + 1, float(value) if abs(value) < 2**1000 else value, bool(value)])
            )
        return draw(LEAVES)

    return first, draw(st.sampled_from([first, changed(first), draw(VALUES)]))


@property_settings
@given(pairs())
def test_two_values_are_equal_if_and_only_if_they_say_the_same(pair: tuple[Any, Any]) -> None:
    ours, theirs = pair
    assert equal(ours, theirs) == says_the_same(ours, theirs)
    assert equal(theirs, ours) == equal(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (24567890, 24567902),
        (20210101, 20210102),
        (2**53, 2**53 + 1),
        (1, True),
        (0, False),
        (1.0, True),
        (1, "1"),
        (None, ""),
        (None, 0),
        (None, False),
        ({}, None),
        ([], None),
        ([], {}),
        ({"a": None}, {}),
        ({"a": 1}, {"a": True}),
        ([1, 2], [2, 1]),
        ("a", "A"),
        ("a", "a "),
        (1e-7, 2e-7),
        (51.05, 51.050001),
        (0.0, 5e-324),
        (1.0, 1 + 2e-14),
    ],
)
def test_what_is_not_the_same(ours: Any, theirs: Any) -> None:
    assert not equal(ours, theirs)
    assert not equal({"a": [ours]}, {"a": [theirs]})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (1, 1.0),
        (0.0, -0.0),
        (0, -0.0),
        (0.1 + 0.2, 0.3),
        (-120.02243, -120.02243000000001),
        (51.05, nextafter(51.05, 100)),
        (123456.789012345, 123456.789012345 * (1 + 5e-15)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_is_the_same(ours: Any, theirs: Any) -> None:
    assert equal(ours, theirs)


def test_fifteen_digits_of_a_double_are_within_the_bound() -> None:
    for place in range(1, 2000):
        number = 1 + place * 1.2345678901234567e-4
        assert equal(number, float(f"{number:.15g}"))
