"""Availability, at the client's edge."""

from datetime import date

import pytest
import responses

from apps.aurorax import AuroraX, DataSource, errors
from tests.aurorax.asked import query_of
from tests.aurorax.conftest import API

EPHEMERIS = f"{API}/api/v1/availability/ephemeris"
PRODUCTS = f"{API}/api/v1/availability/data_products"
START, END = date(2019, 1, 1), date(2019, 1, 2)


def test_days_come_in_order_and_within_what_was_asked(api: responses.RequestsMock, caller: AuroraX) -> None:
    counts = {"2019-01-02": 7, "2019-01-01": 1440, "2019-01-03": 1440, "2018-12-31": 2}
    api.get(EPHEMERIS, json=[{"data_source": {"identifier": 3}, "available_ephemeris": counts}])
    (found,) = caller.availability.ephemeris(start=START, end=END)
    assert found.data_source.identifier == 3
    assert list(found.counts.items()) == [(START, 1440), (END, 7)]
    assert query_of(api) == {"start": "2019-01-01", "end": "2019-01-02"}


def test_one_source_is_asked_for_by_its_key(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    rows = [
        {"data_source": {"identifier": identifier}, "available_data_products": {"2019-01-01": 3}}
        for identifier in (103, 9)
    ]
    api.get(PRODUCTS, json=rows)
    (found,) = caller.availability.products(start=START, end=END, source=source, slow=True)
    assert found.data_source.identifier == 103
    assert query_of(api) == source.key | {
        "start": "2019-01-01",
        "end": "2019-01-02",
        "slow": "true",
    }


@pytest.mark.parametrize("counts", [{"yesterday": 3}, {"2019-01-01": "many"}, [3], None])
def test_counts_of_another_shape_are_an_error(
    api: responses.RequestsMock, caller: AuroraX, counts: object
) -> None:
    api.get(EPHEMERIS, json=[{"data_source": {"identifier": 3}, "available_ephemeris": counts}])
    with pytest.raises(errors.UnreadableAnswer):
        caller.availability.ephemeris(start=START, end=END)


def test_all_that_somebody_owns_is_one_question(api: responses.RequestsMock, caller: AuroraX) -> None:
    rows = [
        {"data_source": {"identifier": number}, "available_ephemeris": {"2019-01-01": number}}
        for number in (3, 9)
    ]
    api.get(EPHEMERIS, json=rows)
    found = caller.availability.ephemeris(start=START, end=END, owner="owner@example.org")
    assert [each.counts for each in found] == [{START: 3}, {START: 9}]
    assert query_of(api) == {"start": "2019-01-01", "end": "2019-01-02", "owner": "owner@example.org"}


def test_a_program_and_a_type_can_be_asked_for(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(PRODUCTS, json=[])
    kind = "data_availability"
    assert caller.availability.products(start=START, end=END, program="trex", data_product_type=kind) == []
    days = {"start": "2019-01-01", "end": "2019-01-02"}
    assert query_of(api) == days | {"program": "trex", "data_product_type": kind}
