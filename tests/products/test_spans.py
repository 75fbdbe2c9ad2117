"""Spans of days, and where one can go from them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from apps.aurorax import DataSource, DataSourceStats
from apps.products.spans import DaySpan, file_name, is_link, span_of

EMPTY = DataSource(1, "program", "platform", "type", "ground", "Name")
MARCH = replace(
    EMPTY,
    stats=DataSourceStats(
        earliest_data_product_loaded=datetime(2020, 3, 1, tzinfo=UTC),
        latest_data_product_loaded=datetime(2020, 3, 31, 5, tzinfo=UTC),
        data_product_count=9,
    ),
)
FIRST, LAST = date(2020, 3, 10), date(2020, 3, 12)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (FIRST, LAST, (FIRST, LAST)),
        (FIRST, None, (FIRST, FIRST)),
        (None, LAST, (LAST, LAST)),
        (None, None, (date(2020, 3, 31), date(2020, 3, 31))),
    ],
)
def test_one_end_is_a_day_and_none_is_the_last_day(
    first: date | None, last: date | None, expected: tuple[date, date]
) -> None:
    span = span_of(MARCH, first=first, last=last)
    assert span
    assert (span.first, span.last) == expected


def test_without_products_there_is_only_what_was_asked_for() -> None:
    assert span_of(EMPTY, first=None, last=None) is None
    assert span_of(EMPTY, first=FIRST, last=None) == DaySpan(EMPTY, FIRST, FIRST)


def test_both_days_are_included_to_their_last_second() -> None:
    assert DaySpan(MARCH, FIRST, LAST).bounds == (
        datetime(2020, 3, 10, tzinfo=UTC),
        datetime(2020, 3, 12, 23, 59, 59, tzinfo=UTC),
    )


def test_the_spans_around_are_as_long_and_join_without_a_gap() -> None:
    span = DaySpan(MARCH, FIRST, LAST)
    assert span.earlier == (date(2020, 3, 7), date(2020, 3, 9))
    assert span.later == (date(2020, 3, 13), date(2020, 3, 15))


def test_beyond_the_first_and_last_product_there_is_nowhere_to_go() -> None:
    whole = DaySpan(MARCH, date(2020, 3, 1), date(2020, 3, 31))
    assert (whole.earlier, whole.later) == (None, None)
    assert (DaySpan(EMPTY, FIRST, LAST).earlier, DaySpan(EMPTY, FIRST, LAST).later) == (None, None)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/b.jpg", "b.jpg"),
        ("https://example.org/a/b.jpg?x=/y#/z", "b.jpg"),
        ("https://example.org/folder/", "folder"),
        ("b.jpg", "b.jpg"),
        ("?", "?"),
        ("///", "///"),
    ],
)
def test_people_know_a_product_by_the_name_of_its_file(url: str, name: str) -> None:
    assert file_name(url) == name


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org", True),
        ("HTTP://example.org", True),
        ("ftp://example.org", False),
        ("//example.org", False),
        (" https://example.org", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_web_addresses_are_followed(url: str, link: bool) -> None:
    assert is_link(url) == link
