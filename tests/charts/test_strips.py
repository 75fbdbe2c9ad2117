"""Months in a row: counted, and in words."""

from datetime import date

import pytest

from apps.charts.strips import in_words, months_back, months_of

pytestmark = pytest.mark.any_database
YEAR = [date(2020, month, 1) for month in range(1, 13)]


def test_a_month_counts_its_records_and_the_days_that_have_any() -> None:
    february = months_of({date(2020, 2, 3): 60, date(2020, 2, 4): 40, date(2020, 2, 5): 0}, YEAR)[1]
    assert (february.count, february.days) == (100, 2)
    assert february.words == "2020-02: 100 on 2 days"


def test_months_back_cross_the_turn_of_a_year() -> None:
    assert months_back(date(2020, 2, 29), 3) == [date(2019, 12, 1), date(2020, 1, 1), date(2020, 2, 1)]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ([], "none from 2020-01 to 2020-12"),
        ([3], "2020-03"),
        ([1, 2, 5], "2020-01 to 2020-02, 2020-05"),
        ([1, 3, 5, 7, 9], "5 months from 2020-01 to 2020-09, with 4 gaps"),
    ],
)
def test_what_is_held_is_said_in_stretches(held: list[int], words: str) -> None:
    assert in_words(months_of({date(2020, month, 1): 1 for month in held}, YEAR)) == words
