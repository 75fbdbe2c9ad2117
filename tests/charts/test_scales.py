"""From counts to steps of colour."""

import pytest

from apps.charts.scales import STEPS, Scale, usual


@pytest.mark.parametrize(
    ("count", "step"),
    [
        (-1, 0),
        (0, 0),
        (1, 1),
        (359, 1),
        (360, 2),
        (720, 3),
        (1079, 3),
        (1080, 4),
        (1439, 4),
        (1440, 5),
        (9999, 5),
    ],
)
def test_a_day_has_four_quarters_and_whole(count: int, step: int) -> None:
    assert Scale(1440).step(count) == step


@pytest.mark.parametrize("full", [1, 2, 3, 4, 5, 13, 164, 1440])
def test_the_ranges_name_every_count_once_and_with_its_step(full: int) -> None:
    named: dict[int, int] = {}
    for step, words in Scale(full).ranges():
        numbers = [int(word) for word in words.replace(",", "").split() if word.isdecimal()]
        named |= dict.fromkeys(range(numbers[0], numbers[-1] + 1), step)
    assert named == {count: Scale(full).step(count) for count in range(1, full + 1)}


def test_the_strongest_step_can_have_words_of_its_own() -> None:
    assert list(Scale(1, best="as usual").ranges()) == [(STEPS, "as usual")]


@pytest.mark.parametrize(
    ("counts", "expected"), [([], 1), ([0, 0], 1), ([13, 13, 0, 13, 2, 500], 13), ([1, 2], 1)]
)
def test_the_usual_day_is_not_moved_by_odd_ones(counts: list[int], expected: int) -> None:
    assert usual(counts) == expected
