"""Months in a row, as a small picture and in words."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from apps.charts.scales import Scale
from apps.charts.strips import HEIGHT, HEIGHTS, WIDTH, in_words, legend, months_of, strip_of

TODAY = date(2020, 6, 15)


def beside(full: int) -> Callable[[Iterable[int]], Callable[[date], Scale]]:
    """The same scale for every month."""
    return lambda counts: lambda month: Scale(full)


def picture(counts: dict[date, int], years: range = range(2020, 2021), full: int = 100) -> ET.Element:
    strip = strip_of(counts, years=years, scale=beside(full), today=TODAY)
    return ET.fromstring(strip.picture)


def drawn(svg: ET.Element) -> list[tuple[str, str, str]]:
    """Class, shape and tooltip of everything but the line of today."""
    return [
        (path.attrib["class"], path.attrib["d"], title.text or "")
        for path in svg.findall("path")
        for title in path.findall("title")
        if path.attrib["class"] != "today"
    ]


def test_a_month_with_records_is_a_bar_and_a_stretch_without_is_one_shape() -> None:
    svg = picture({date(2020, 2, 3): 60, date(2020, 2, 4): 40, date(2020, 4, 1): 10})
    assert drawn(svg) == [
        ("l0", "M0 0h4V10h-4z", "2020-01: none"),
        ("l5", "M4 0h4V10h-4z", "2020-02: 100 on 2 days"),
        ("l0", "M8 0h4V10h-4z", "2020-03: none"),
        ("l1", "M12 6h4V10h-4z", "2020-04: 10 on 1 day"),
        ("l0", "M16 0h32V10h-32z", "2020-05 to 2020-12: none"),
    ]


def test_steps_are_told_apart_by_height_as_well() -> None:
    assert len({*HEIGHTS}) == len(HEIGHTS)
    assert [*HEIGHTS] == sorted(HEIGHTS)
    heights = {
        css: HEIGHT - float(shape.split()[1].partition("h")[0])
        for css, shape, _ in drawn(picture({date(2020, n, 1): 20 * n for n in range(1, 6)}))
        if css != "l0"
    }
    assert heights == {f"l{step}": HEIGHTS[step] for step in (1, 2, 3, 4, 5)}


def test_today_stands_within_its_month_and_only_in_the_years_shown() -> None:
    (line,) = [path for path in picture({}).findall("path") if path.attrib["class"] == "today"]
    at = float(line.attrib["d"][1:].split()[0])
    assert 5 * WIDTH < at < 6 * WIDTH
    earlier = picture({}, years=range(2015, 2019))
    assert "today" not in {path.attrib["class"] for path in earlier.findall("path")}


def test_years_are_parted() -> None:
    (edge,) = [p for p in picture({}, years=range(2018, 2021)).findall("path") if p.attrib["class"] == "edge"]
    assert edge.attrib["d"] == "M48 0v10M96 0v10"


def test_the_scale_is_told_all_months_and_asked_for_each() -> None:
    seen: list[int] = []

    def scale(counts: Iterable[int]) -> Callable[[date], Scale]:
        seen.extend(counts)
        return lambda month: Scale(30 if month.month == 1 else 300)

    counts = {date(2020, 1, 1): 10, date(2020, 1, 2): 20, date(2020, 2, 1): 30, date(2020, 3, 1): 0}
    strip = strip_of(counts, years=range(2020, 2021), scale=scale, today=TODAY)
    assert seen == [30, 30]
    assert re.findall(r'class="(l[1-5])"', strip.picture) == ["l5", "l1"]


def test_days_outside_the_years_are_left_out() -> None:
    months = months_of({date(2019, 12, 31): 5, date(2021, 1, 1): 5, date(2020, 7, 1): 2}, range(2020, 2021))
    assert [(month.name, month.count) for month in months if month.count] == [("2020-07", 2)]
    assert len(months) == 12


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ([], "none from 2020-01 to 2020-12"),
        ([3], "2020-03"),
        ([1, 2, 3, 7], "2020-01 to 2020-03, 2020-07"),
        ([1, 3, 5, 7], "2020-01, 2020-03, 2020-05, 2020-07"),
        ([1, 3, 5, 7, 8, 12], "6 months from 2020-01 to 2020-12, with 4 gaps"),
    ],
)
def test_words_say_which_months_have_records(held: list[int], words: str) -> None:
    assert in_words(months_of({date(2020, month, 9): 1 for month in held}, range(2020, 2021))) == words


def test_the_legend_has_a_swatch_for_each_step() -> None:
    assert [words for _, words in legend()] == [
        "less than a quarter", "less than half", "less than three quarters", "less than all", "all",
    ]  # fmt: skip
    assert [f"l{step}" in swatch for step, (swatch, _) in enumerate(legend(), start=1)] == [True] * 5
