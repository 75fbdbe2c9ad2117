"""When a data source has gone quiet (docs/decisions/0010)."""

from datetime import date, timedelta

import pytest

from apps.sources.gaps import Silence, silence, usual_gap

TODAY = date(2026, 6, 30)


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in days]


def every(cadence: int, *, last: int, count: int = 40) -> list[date]:
    """`count` days with records, one every `cadence` days, the last of them `last` days ago."""
    return ago(*range(last, last + cadence * count, cadence))


@pytest.mark.parametrize(
    ("cadence", "last", "is_quiet"),
    [
        (1, 0, False),
        (1, 7, False),
        (1, 8, True),
        (2, 7, False),
        (2, 8, True),
        (10, 30, False),
        (10, 31, True),
        (60, 181, True),
        (1, 365, True),
        (1, 366, False),
    ],
)
def test_it_is_late_by_three_cadences_and_a_week_and_forgotten_after_a_year(
    cadence: int, last: int, is_quiet: bool
) -> None:
    found = silence(every(cadence, last=last), today=TODAY)
    assert found == (Silence(ago(last)[0], last, cadence, None) if is_quiet else None)


def test_the_order_of_the_days_does_not_matter() -> None:
    days = every(1, last=20)
    assert silence(days, today=TODAY) == silence(days[::-1], today=TODAY) == silence(set(days), today=TODAY)


def test_five_days_are_a_habit_and_four_are_none() -> None:
    assert silence(ago(20, 21, 22, 23, 24), today=TODAY)
    assert silence(ago(20, 21, 22, 23), today=TODAY) is None
    assert silence([], today=TODAY) is None


def test_predictions_do_not_hide_it_and_are_told() -> None:
    ahead = ago(-30, -3, -31)
    found = silence([*every(1, last=20), *ahead], today=TODAY)
    assert found is not None
    assert (found.days, found.ahead) == (20, TODAY + timedelta(days=3))


def test_who_rested_a_year_ago_rests_again() -> None:
    """A camera from August to April of either year; today is the thirtieth of June."""
    seasons = [*every(1, last=60, count=270), *every(1, last=365 + 60, count=270)]
    assert silence(seasons, today=TODAY) is None
    worked_last_summer = [*every(1, last=60, count=270), *every(1, last=365, count=270)]
    assert silence(worked_last_summer, today=TODAY)


def test_a_summer_and_an_outage_do_not_change_the_habit() -> None:
    days = sorted(
        [*every(1, last=20, count=30), *every(1, last=150, count=30), *every(1, last=200, count=30)]
    )
    assert usual_gap(days) == 1


def test_only_the_latest_habit_counts() -> None:
    daily_once = every(1, last=1500, count=400)
    weekly_now = every(7, last=3, count=101)
    assert usual_gap(sorted([*daily_once, *weekly_now])) == 7
