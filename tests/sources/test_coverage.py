"""How much data sources hold, month by month, and what AuroraX is asked for it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord
from apps.records.counts import Span
from apps.sources.coverage import Coverage, Lately, counted, coverage_of, lately_of, months_shown, years_of
from tests.conftest import NewSource

pytestmark = pytest.mark.any_database

TODAY = date(2026, 6, 30)
MINUTE = timedelta(minutes=1)


def put(aurorax: AuroraX, source: DataSource, day: date, count: int = 1) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    records = [EphemerisRecord(start + number * MINUTE) for number in range(count)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


def publish(aurorax: AuroraX, source: DataSource, day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    product = DataProductRecord("keogram", start, start + 5 * MINUTE, f"{day}.jpg")
    aurorax.products.upload(source.identifier, [product], source=source)


def covered(aurorax: AuroraX, *sources: DataSource) -> Coverage:
    known = counted(client=aurorax, sources=sources)
    owned = Counter(source.owner for source in known)
    lately = lately_of(client=aurorax, sources=known, today=TODAY, owned=owned)
    return coverage_of(client=aurorax, sources=known, lately=lately, shown=known, today=TODAY, owned=owned)


@pytest.mark.parametrize(
    ("spans", "years"),
    [
        ([], (2026, 2026)),
        ([(2024, 2025)], (2024, 2026)),
        ([(2020, 2021), (2023, 2026)], (2020, 2026)),
        ([(2008, 2026)], (2017, 2026)),
        ([(2024, 2050)], (2024, 2027)),
        ([(2008, 2050)], (2018, 2027)),
        ([(2001, 2005)], (2001, 2005)),
        ([(1970, 2005)], (1996, 2005)),
        ([(2040, 2050)], (2040, 2040)),
        ([(2017, 2017)], (2017, 2026)),
    ],
)
def test_the_years_are_those_with_records_and_those_since_at_most_ten(
    spans: list[tuple[int, int]], years: tuple[int, int]
) -> None:
    found = years_of([Span(date(first, 5, 1), date(last, 5, 1)) for first, last in spans], today=TODAY)
    assert (found[0], found[-1]) == years


def test_each_kind_says_how_much_how_lately_and_in_which_months(
    aurorax: AuroraX, new_source: NewSource
) -> None:
    source = new_source()
    for day, count in [(TODAY, 1), (date(2026, 6, 1), 2), (date(2026, 5, 31), 4), (date(2026, 5, 1), 8)]:
        put(aurorax, source, day, count)
    publish(aurorax, source, date(2025, 3, 4))
    coverage = covered(aurorax, source)
    ephemeris, products = coverage.held[source.identifier]
    assert (ephemeris.count, ephemeris.recent, ephemeris.before) == (15, 3, 4)
    assert ephemeris.latest == datetime(2026, 6, 30, tzinfo=UTC)
    assert not ephemeris.is_ahead
    assert (products.count, products.recent) == (1, 0)
    heat = coverage.heat(source)
    assert heat
    assert heat.words == "Ephemeris by month: 2026-05 to 2026-06. Data products by month: 2025-03."
    assert coverage.lately.this_month == 3
    assert products.url.endswith(f"/sources/{source.identifier}/products/availability/")


def test_predictions_are_told_as_what_they_are(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source()
    put(aurorax, source, TODAY + timedelta(days=1))
    (held,) = covered(aurorax, source).held[source.identifier]
    assert held.is_ahead
    assert held.recent == 0


def test_what_is_quiet_comes_with_the_latest_first(aurorax: AuroraX, new_source: NewSource) -> None:
    long, short, well = new_source(), new_source(), new_source()
    for source, last in ((long, 100), (short, 10), (well, 1)):
        for number in range(last, last + 6):
            put(aurorax, source, TODAY - timedelta(days=number))
    silent = covered(aurorax, long, short, well).silent
    assert [(held.source.identifier, quiet.days) for held, quiet in silent] == [
        (short.identifier, 10),
        (long.identifier, 100),
    ]


def test_all_that_one_person_owns_is_one_question_of_each_sort(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    mine = [new_source(owner="owner2@example.org") for _ in range(3)]
    for source in mine:
        put(aurorax, source, TODAY)
    asked.clear()
    coverage = covered(aurorax, *mine)
    assert [held.count for source in mine for held in coverage.held[source.identifier]] == [1, 1, 1]
    assert [question.split()[1] for question in asked] == [
        "/data_sources/search",
        "/availability/ephemeris",  # of the last days, in which all of them have records
        "/availability/ephemeris",
    ]
    assert all("owner2@example.org" in question for question in asked[1:])


def test_only_those_without_recent_records_are_looked_at_for_their_habit(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    well = [new_source(owner="owner2@example.org") for _ in range(3)]
    quiet, ended = new_source(owner="owner2@example.org"), new_source(owner="owner2@example.org")
    for source in well:
        put(aurorax, source, TODAY - timedelta(days=3))
    for number in range(30, 36):
        put(aurorax, quiet, TODAY - timedelta(days=number))
        put(aurorax, ended, TODAY - timedelta(days=400 + number))
    known = counted(client=aurorax, sources=[*well, quiet, ended])
    asked.clear()
    owned = {"owner2@example.org": 5}
    [(held, silence)] = lately_of(client=aurorax, sources=known, today=TODAY, owned=owned).silent
    assert (held.source.identifier, silence.days) == (quiet.identifier, 30)
    assert len(asked) == 2
    assert quiet.platform in asked[1]


def test_the_months_of_a_page_of_many_are_asked_for_one_by_one(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    mine = [new_source(owner="owner2@example.org") for _ in range(4)]
    for source in mine:
        put(aurorax, source, TODAY)
    known = counted(client=aurorax, sources=mine)
    asked.clear()
    owned = {"owner2@example.org": 26}
    coverage = coverage_of(
        client=aurorax, sources=known, lately=Lately(), shown=known[:3], today=TODAY, owned=owned
    )
    assert set(coverage.held) == {source.identifier for source in mine[:3]}
    assert len(asked) == 3
    assert not any("owner" in question for question in asked)


def test_those_of_one_program_of_which_the_owner_has_few_are_one_question(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    mine = [new_source(owner="owner2@example.org", program="a few of it") for _ in range(3)]
    for source in mine:
        put(aurorax, source, TODAY)
    known = counted(client=aurorax, sources=mine)
    asked.clear()
    owned = {"owner2@example.org": 300, ("owner2@example.org", "a few of it"): 3}
    coverage = coverage_of(
        client=aurorax, sources=known, lately=Lately(), shown=known, today=TODAY, owned=owned
    )
    assert [held.count for source in mine for held in coverage.held[source.identifier]] == [1, 1, 1]
    assert len(asked) == 1
    assert "('program', 'a few of it')" in asked[0]


@pytest.mark.parametrize(
    ("spans", "whole", "first", "last"),
    [
        ([], False, date(2024, 7, 1), date(2026, 6, 1)),
        ([(2019, 2026)], False, date(2024, 7, 1), date(2026, 6, 1)),
        ([(2019, 2026)], True, date(2019, 5, 1), date(2026, 6, 1)),
        ([(2019, 2021)], False, date(2019, 5, 1), date(2026, 6, 1)),
        ([(2001, 2005)], False, date(2001, 5, 1), date(2005, 12, 1)),
        ([(2040, 2050)], False, date(2040, 5, 1), date(2040, 12, 1)),
    ],
)
def test_the_last_two_years_are_shown_or_all_there_are(
    spans: list[tuple[int, int]], whole: bool, first: date, last: date
) -> None:
    found = [Span(date(one, 5, 1), date(other, 5, 1)) for one, other in spans]
    months = months_shown(found, today=TODAY, whole=whole)
    assert (months[0], months[-1]) == (first, last)


def test_a_single_one_of_somebody_is_asked_for_by_itself(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    theirs, nobodys = new_source(owner="owner2@example.org"), new_source(owner="")
    for source in (theirs, nobodys):
        publish(aurorax, source, TODAY)
    asked.clear()
    held = covered(aurorax, theirs, nobodys).held
    assert [each.count for source in (theirs, nobodys) for each in held[source.identifier]] == [1, 1]
    assert [question.split()[1] for question in asked] == [
        "/data_sources/search",
        *["/availability/data_products"] * 4,  # the last days, then the years
    ]
    assert not any("owner" in question for question in asked)


def test_without_any_record_no_day_is_asked_for(
    aurorax: AuroraX, new_source: NewSource, asked: list[str]
) -> None:
    source = new_source()
    asked.clear()
    coverage = covered(aurorax, source)
    assert coverage.held == {source.identifier: []}
    assert len(asked) == 1


def test_one_that_is_gone_meanwhile_is_left_out(aurorax: AuroraX, new_source: NewSource) -> None:
    gone, here = new_source(), new_source(owner="owner2@example.org")
    aurorax.sources.delete(gone.identifier)
    assert covered(aurorax, gone, here).sources == [aurorax.sources.get(here.identifier, include_stats=True)]
