"""What is known of how long searches take."""

from datetime import timedelta

import pytest

from apps.aurorax.search_durations import LATEST, LONGEST, SearchDurations

MONTH, WEEK = timedelta(days=31), timedelta(days=7)


@pytest.fixture
def durations() -> SearchDurations:
    return SearchDurations("http://aurorax.test", "ephemeris")


def test_the_shortest_of_the_latest_counts(durations: SearchDurations) -> None:
    assert durations.shortest(MONTH) == 0
    for seconds in (2.0, 1.5, 3.0):
        durations.add(MONTH, seconds)
    assert durations.shortest(MONTH) == 1.5
    for _ in range(LATEST):
        durations.add(MONTH, 4.0)
    assert durations.shortest(MONTH) == 4.0


def test_searches_of_another_length_kind_or_aurorax_say_nothing(durations: SearchDurations) -> None:
    durations.add(MONTH, 2.0)
    assert durations.shortest(timedelta(days=20)) == 2.0
    assert durations.shortest(WEEK) == 0
    assert SearchDurations("http://aurorax.test", "data_products").shortest(MONTH) == 0
    assert SearchDurations("http://another.test", "ephemeris").shortest(MONTH) == 0


def test_nobody_waits_very_long_before_the_first_look(durations: SearchDurations) -> None:
    durations.add(MONTH, 250.0)
    assert durations.shortest(MONTH) == LONGEST
    durations.add(MONTH, -3.0)  # clocks that disagree
    assert durations.shortest(MONTH) == 0
