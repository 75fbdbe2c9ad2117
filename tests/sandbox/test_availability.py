"""Availability: records a day, of both kinds."""

from datetime import UTC, datetime

import pytest

from tests.sandbox.conftest import Api, ephemeris, keogram
from tests.support.sandbox import SandboxProcess

MARCH = {"start": "2021-03-01", "end": "2021-03-31", "program": "example-program"}


def test_ephemeris_are_counted_by_day(anyone: Api) -> None:
    [row] = anyone.get(
        "/availability/ephemeris", start="2020-01-01", end="2020-01-31", program="swarm"
    ).json()
    assert list(row) == ["data_source", "available_ephemeris"]
    assert list(row["data_source"]) == [
        "identifier", "program", "platform", "instrument_type", "source_type", "display_name",
    ]  # fmt: skip
    assert row["available_ephemeris"] == {"2020-01-01": 1440, "2020-01-02": 1440}


def test_data_products_are_counted_flat_by_the_day_they_start(anyone: Api) -> None:
    [row] = anyone.get("/availability/data_products", start="2020-01-01", end="2020-01-31").json()
    assert row["available_data_products"] == {"2020-01-01": 13, "2020-01-02": 13}


def test_the_last_day_is_included(anyone: Api) -> None:
    [row] = anyone.get(
        "/availability/ephemeris", start="2020-01-01", end="2020-01-01", program="swarm"
    ).json()
    assert row["available_ephemeris"] == {"2020-01-01": 1440}


def test_sources_without_records_and_unknown_programs_are_absent(anyone: Api) -> None:
    rows = anyone.get("/availability/ephemeris", start="2020-01-01", end="2020-01-31").json()
    assert {row["data_source"]["identifier"] for row in rows} == {3, 46, 103}
    assert anyone.get("/availability/ephemeris", start="2020-01-01", program="none").json() == []


def test_filters_and_formats_are_those_of_the_listing(anyone: Api) -> None:
    rows = anyone.get(
        "/availability/ephemeris", start="2020-01-01", source_type="leo", format="identifier_only"
    ).json()
    assert [row["data_source"] for row in rows] == [{"identifier": 3}]


def test_products_are_filtered_by_type(owner: Api, source: int) -> None:
    owner.post(
        f"/data_sources/{source}/data_products", [keogram("a"), keogram("b", data_product_type="movie")]
    )
    [row] = owner.get("/availability/data_products", **MARCH, data_product_type="movie").json()
    assert row["available_data_products"] == {"2021-03-01": 1}


def test_the_span_starts_with_this_year_by_default(owner: Api, source: int) -> None:
    today = datetime.now(tz=UTC)
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(epoch=f"{today:%Y-%m-%d}T00:00:00Z")])
    [row] = owner.get("/availability/ephemeris").json()
    assert row["available_ephemeris"] == {f"{today:%Y-%m-%d}": 1}


@pytest.mark.parametrize("day", ["01/02/2020", "2020-13-01", "", "2020-01-01T00:00:00"])
def test_a_day_that_is_not_iso_is_refused(anyone: Api, day: str) -> None:
    for kind in ("ephemeris", "data_products"):
        assert anyone.get(f"/availability/{kind}", start=day).status_code == 400


def test_numbers_lag_behind_uploads_unless_slow(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(availability_lag=600)
    assert owner.get("/availability/ephemeris", **MARCH).json() == []
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()])
    assert owner.get("/availability/ephemeris", **MARCH).json() == []
    assert len(owner.get("/availability/ephemeris", **MARCH, slow="true").json()) == 1


def test_slow_is_offline_in_maintenance(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(maintenance=True)
    answer = anyone.get("/availability/ephemeris", slow="True")
    assert answer.status_code == 503
    assert answer.json()["error_message"] == "Slow mode is currently not available."
    assert anyone.get("/availability/ephemeris").status_code == 200
