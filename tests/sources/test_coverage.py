"""How much data sources hold, month by month, and what AuroraX is asked for it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord
from apps.records.counts import Span
from apps.sources.coverage import Coverage, coverage_of, years_of
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
    return coverage_of(client=aurorax, sources=sources, today=TODAY)


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
    ephemeris, products = covered(aurorax, source).held[source.identifier]
    assert (ephemeris.count, ephemeris.recent, ephemeris.before) == (15, 3, 4)
    assert ephemeris.latest == datetime(2026, 6, 30, tzinfo=UTC)
    assert not ephemeris.is_ahead
    assert ephemeris.strip.words == "2026-05 to 2026-06"
    assert (products.count, products.recent, products.strip.words) == (1, 0, "2025-03")
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
    assert all("owner2@example.org" in question for question in asked)
    assert [question.split()[1] for question in asked] == ["/data_sources", "/availability/ephemeris"]


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
        f"/data_sources/{theirs.identifier}",
        f"/data_sources/{nobodys.identifier}",
        "/availability/data_products",
        "/availability/data_products",
    ]


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
