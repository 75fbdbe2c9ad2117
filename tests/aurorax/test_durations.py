"""What is known of how long something takes."""

from apps.aurorax.durations import LATEST, LONGEST, RecentDurations


def test_the_shortest_of_the_latest_counts() -> None:
    searches = RecentDurations("http://aurorax.test", "ephemeris")
    assert searches.shortest == 0
    for seconds in (2.0, 1.5, 3.0):
        searches.add(seconds)
    assert searches.shortest == 1.5
    assert RecentDurations("http://aurorax.test", "ephemeris").shortest == 1.5
    for _ in range(LATEST):
        searches.add(4.0)
    assert searches.shortest == 4.0


def test_another_kind_says_nothing() -> None:
    RecentDurations("http://aurorax.test", "ephemeris").add(2.0)
    assert RecentDurations("http://aurorax.test", "data_products").shortest == 0
    assert RecentDurations("http://another.test", "ephemeris").shortest == 0


def test_nobody_waits_very_long_before_the_first_look() -> None:
    searches = RecentDurations("http://aurorax.test", "ephemeris")
    searches.add(250.0)
    assert searches.shortest == LONGEST
    searches.add(-3.0)  # clocks that disagree
    assert searches.shortest == 0
