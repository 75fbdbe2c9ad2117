"""Times an instrument operated: as people write them."""

import pytest

from apps.generation import intervals
from apps.generation.intervals import Interval, WrongIntervals

pytestmark = pytest.mark.any_database

MIDNIGHT = 26_297_280  # 2020-01-01T00:00, in minutes since 1970


def spans(text: str, *, ends_included: bool = True) -> list[tuple[int, int]]:
    found = intervals.read(text, ends_included=ends_included)
    return [(each.first - MIDNIGHT, each.last - MIDNIGHT) for each in found]


@pytest.mark.parametrize(
    "line",
    [
        "2020-01-01 00:00 to 2020-01-01 06:30",
        "2020-01-01T00:00:00/2020-01-01T06:30:00",
        "2020-01-01T00:00Z, 2020-01-01T06:30Z",
        "2020/01/01 00:00 - 2020/01/01 06:30",
        "2020-001T00:00\t2020-001T06:30",
        "start,end\n2020-01-01 00:00,2020-01-01 06:30",
        "Stop;Start\n2020-01-01 06:30;2020-01-01 00:00",
    ],
)
def test_the_ways_in_which_people_write_an_interval(line: str) -> None:
    assert spans(line) == [(0, 390)]
    assert spans(line, ends_included=False) == [(0, 389)]


def test_what_overlaps_or_touches_is_one_interval_and_all_are_in_order() -> None:
    text = """2020-01-01 05:00 to 2020-01-01 06:00
2020-01-01 00:00 to 2020-01-01 01:00
2020-01-01 00:30 to 2020-01-01 02:00
2020-01-01 02:01 to 2020-01-01 03:00
2020-01-01 00:10 to 2020-01-01 00:20"""
    assert spans(text) == [(0, 180), (300, 360)]


def test_metadata_stands_behind_the_times_or_in_columns() -> None:
    typed = intervals.read("2020-01-01 00:00 to 2020-01-01 00:01, mode=burst, gain=2", ends_included=True)
    table = intervals.read(
        "start,end,metadata.gain,mode\n2020-01-01 00:00,2020-01-01 00:01,2,burst", ends_included=True
    )
    assert typed[0].metadata == table[0].metadata == (("gain", "2"), ("mode", "burst"))


def test_neighbours_that_say_different_things_stay_apart_and_overlapping_ones_are_refused() -> None:
    first, second = (
        "2020-01-01 00:00 to 2020-01-01 00:05, mode=a\n",
        "2020-01-01 00:06 to 2020-01-01 00:09, mode=b",
    )
    assert spans(first + second) == [(0, 5), (6, 9)]
    with pytest.raises(WrongIntervals) as refused:
        spans(first + second.replace("00:06", "00:05"))
    assert "Lines 1 and 2 overlap and say different things" in refused.value.messages[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Type or paste the intervals"),
        ("2020-01-01 00:00", "it takes a start and an end"),
        ("2020-01-02 00:00 to 2020-01-01 00:00", "the end is not after the start"),
        ("soon to later", "Line 1: “soon”: "),
        ("01/02/2020 00:00 to 01/02/2020 01:00", "Line 1: "),
        ("2020-01-01 00:00 to 2020-01-01 01:00, burst", "neither a time nor metadata"),
        ("2000-01-01 00:00 to 2020-01-01 01:00", "6,000,000 are taken at once"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(line: str, said: str) -> None:
    with pytest.raises(WrongIntervals) as refused:
        spans(line)
    assert said in refused.value.messages[0]


def test_many_wrong_lines_are_counted() -> None:
    with pytest.raises(WrongIntervals) as refused:
        spans("\n".join(["soon to later"] * 50))
    assert refused.value.messages[-1] == "… and 30 more lines."


def test_the_number_of_records_is_that_of_minutes() -> None:
    assert intervals.minutes_in([Interval(0, 0), Interval(5, 9)]) == 6
