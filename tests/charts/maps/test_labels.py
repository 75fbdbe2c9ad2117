"""Words beside points."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from apps.charts.maps.labels import LETTER, POINT, Label, place

SIZE = 11.0


def box(label: Label) -> tuple[float, float, float, float]:
    """About what the words cover: left, top, right, bottom."""
    length = len(label.text) * SIZE * LETTER
    left = label.x - {"start": 0, "middle": length / 2, "end": length}[label.anchor]
    return left, label.y - SIZE * 0.8, left + length, label.y + SIZE * 0.2


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    slack = 0.2  # places are rounded
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )


@given(st.lists(st.tuples(st.floats(0, 360), st.floats(0, 360)), min_size=1, max_size=30))
def test_labels_cover_neither_each_other_nor_other_points_and_stay_inside(
    points: list[tuple[float, float]],
) -> None:
    found = place(np.array(points), ["12:00"] * len(points), size=SIZE, width=360, height=360)
    boxes = {number: box(label) for number, label in enumerate(found) if label}
    for number, each in boxes.items():
        assert min(each) >= -0.1
        assert max(each) <= 360.1
        assert not any(meet(each, other) for others, other in boxes.items() if others != number)
        dots = [(x - POINT, y - POINT, x + POINT, y + POINT) for x, y in points]
        assert not any(meet(each, dot) for others, dot in enumerate(dots) if others != number)


def test_one_stands_to_the_right_where_there_is_room_and_elsewhere_where_not() -> None:
    points = np.array([(100.0, 100.0), (350.0, 100.0)])
    right, left = place(points, ["here", "there"], size=SIZE, width=360, height=360)
    assert right
    assert left
    assert (right.anchor, left.anchor) == ("start", "end")


def test_no_words_and_no_points_need_no_room() -> None:
    assert place(np.array([(1.0, 1.0)]), [""], size=SIZE, width=360, height=360) == [None]
    assert place(np.empty((0, 2)), [], size=SIZE, width=360, height=360) == []
