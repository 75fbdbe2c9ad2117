"""Which days have nothing to expect, by `data_availability` products."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.aurorax import AuroraX, DataProductRecord
from apps.availability.not_expected import days_not_expected, uncovered
from tests.conftest import NewSource

pytestmark = pytest.mark.any_database

TODAY = date(2023, 3, 10)


def product(first: str, last: str, url: str = "a") -> DataProductRecord:
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
    return DataProductRecord("data_availability", start, end + timedelta(hours=23, minutes=59), url)


def stretches(days: frozenset[date]) -> list[tuple[str, str]]:
    """Days as first and last of each stretch."""
    found: list[list[date]] = []
    for day in sorted(days):
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return [(each[0].isoformat(), each[-1].isoformat()) for each in found]


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        ([], []),
        ([("2020-01-01", "2020-12-31")], []),
        # a year that has one: what it leaves out, at either end
        ([("2020-02-01", "2020-04-30")], [("2020-01-01", "2020-01-31"), ("2020-05-01", "2020-12-31")]),
        # a season over New Year touches both years
        ([("2020-09-01", "2021-04-30")], [("2020-01-01", "2020-08-31"), ("2021-05-01", "2021-12-31")]),
        ([("2020-01-01", "2020-04-30"), ("2020-09-01", "2020-12-31")], [("2020-05-01", "2020-08-31")]),
        # years without a product say nothing
        ([("2018-01-01", "2018-12-31"), ("2021-01-01", "2021-12-31")], []),
        # they may overlap, touch, and lie within each other
        ([("2020-01-01", "2020-06-30"), ("2020-02-01", "2020-02-02"), ("2020-07-01", "2020-12-31")], []),
        # this year: up to the last product only, since the next may be to come
        ([("2023-02-01", "2023-03-31")], [("2023-01-01", "2023-01-31")]),
        ([("2024-02-01", "2024-03-31")], [("2024-01-01", "2024-01-31")]),
        # an end before its start covers nothing
        ([("2020-03-01", "2020-01-01")], []),
    ],
)
def test_days_that_no_product_covers_are_not_expected_in_years_that_have_one(
    products: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    found = uncovered((product(*span) for span in products), today=TODAY)
    assert stretches(found) == expected


def test_thousands_of_products_over_two_centuries_are_read_at_once() -> None:
    products = [product("1900-01-01", "2100-12-30", str(number)) for number in range(5_000)]
    assert uncovered(products, today=TODAY) == frozenset()


def test_only_products_of_that_type_are_read(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source()
    assert days_not_expected(aurorax, source) == frozenset()
    keogram = DataProductRecord(
        "keogram", datetime(2019, 1, 1, tzinfo=UTC), datetime(2019, 1, 2, tzinfo=UTC), "k"
    )
    season = product("2020-01-01", "2020-12-30")
    aurorax.products.upload(source.identifier, [keogram, season], source=source)
    assert stretches(days_not_expected(aurorax, source)) == [("2020-12-31", "2020-12-31")]
