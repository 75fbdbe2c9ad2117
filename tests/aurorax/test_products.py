"""Data product records, at the client's edge."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats, errors
from tests.aurorax.asked import sent
from tests.aurorax.conftest import API

PRODUCTS = f"{API}/api/v1/data_products"
UPLOAD = f"{API}/api/v1/data_sources/103/data_products"
START = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2020, 1, 1, 23, 59, 59, tzinfo=UTC)


def row(url: str, start: str = "2020-01-01T00:00:00", identifier: int = 103) -> dict[str, Any]:
    return {
        "start": start,
        "end": "2020-01-01T23:59:59",
        "data_source": {"identifier": identifier},
        "url": url,
        "data_product_type": "keogram",
        "metadata": {"keogram_type": "daily"},
    }


def test_records_are_uploaded_with_the_key_of_their_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(UPLOAD, status=202)
    record = DataProductRecord("keogram", START, END, "example1.jpg", {"example_meta1": "example1"})
    caller.products.upload(103, [record], source=source)
    assert sent(api) == [
        {
            "program": "trex",
            "platform": "gillam",
            "instrument_type": "RGB ASI",
            "start": "2020-01-01T00:00:00",
            "end": "2020-01-01T23:59:59",
            "url": "example1.jpg",
            "data_product_type": "keogram",
            "metadata": {"example_meta1": "example1"},
        }
    ]


def test_records_come_by_start_and_only_of_the_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    rows = [row("b", "2020-01-01T05:00:00"), row("c"), row("a"), row("z", identifier=7)]
    api.post(f"{PRODUCTS}/search_synchronous", json=rows)
    assert [record.url for record in caller.products.search(source, START, END)] == ["a", "c", "b"]


def test_types_are_asked_for(api: responses.RequestsMock, caller: AuroraX, source: DataSource) -> None:
    api.post(f"{PRODUCTS}/search_synchronous", json=[])
    list(caller.products.search(source, START, END, types=["keogram", "movie"]))
    assert sent(api)["query"]["data_product_type_filters"] == ["keogram", "movie"]


def test_a_part_of_what_is_found_can_be_looked_at_alone(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    rows = [row("b", "2020-01-01T05:00:00"), row("a"), {"url": "of no type", "start": "2020-01-01T06:00:00"}]
    api.post(f"{PRODUCTS}/search_synchronous", json=rows)
    counted = replace(source, stats=DataSourceStats(data_product_count=3))
    found = caller.products.found(counted, START, END, types=["keogram"])
    assert [record.url for record in found[:2]] == ["a", "b"]
    assert len(found) == 3
    assert sent(api)["query"]["data_product_type_filters"] == ["keogram"]
    with pytest.raises(errors.UnreadableAnswer):
        list(found)


def test_without_types_none_are_sent(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(f"{PRODUCTS}/search_synchronous", json=[])
    list(caller.products.search(source, START, END))
    assert "data_product_type_filters" not in sent(api)["query"]


def test_more_than_ten_years_are_one_asynchronous_search(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    location = {"Location": f"{API}/api/v1/data_products/requests/b2d4"}
    api.post(f"{PRODUCTS}/search", status=202, headers=location)
    api.get(f"{PRODUCTS}/requests/b2d4", json={"search_result": {"data_uri": "/data"}})
    api.get(f"{PRODUCTS}/requests/b2d4/data", json={"result": [row("a")]})
    decades = caller.products.search(source, datetime(2000, 1, 1, tzinfo=UTC), END)
    assert [record.url for record in decades] == ["a"]
    assert (sent(api)["start"], sent(api)["end"]) == ("2000-01-01T00:00:00", "2020-01-01T23:59:59")


def test_an_end_before_the_start_finds_nothing(caller: AuroraX, source: DataSource) -> None:
    assert list(caller.products.search(source, END, START)) == []


@pytest.mark.parametrize("status", [200, 202])
def test_urls_are_deleted_under_the_key_of_the_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, status: int
) -> None:
    api.delete(UPLOAD, status=status)
    caller.products.delete(source, ["a", "b"])
    assert sent(api) == {
        "program": "trex",
        "platform": "gillam",
        "instrument_type": "RGB ASI",
        "urls": ["a", "b"],
    }


def test_no_urls_delete_nothing(api: responses.RequestsMock, caller: AuroraX, source: DataSource) -> None:
    caller.products.delete(source, [])
    assert len(api.calls) == 0
