"""PyAuroraX, unmodified, does to the sandbox what its users do to AuroraX."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyaurorax
import pytest
import requests
from pyaurorax.exceptions import (
    AuroraXAPIError,
    AuroraXConflictError,
    AuroraXDataRetrievalError,
    AuroraXDuplicateError,
    AuroraXUnauthorizedError,
)
from pyaurorax.search import (
    DataProductData,
    DataSource,
    EphemerisData,
    Location,
    MetadataFilter,
    MetadataFilterExpression,
)

from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.pyaurorax

START = datetime(2021, 3, 1)  # noqa: DTZ001 - PyAuroraX takes naive times and means UTC
END = datetime(2021, 3, 1, 23, 59)  # noqa: DTZ001 - as above
NAMES = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
}
LISTS = {
    "programs": ["example-program"],
    "platforms": ["example-platform"],
    "instrument_types": ["example-instrument"],
}

Client = Callable[[str], Any]


@pytest.fixture
def client(sandbox: SandboxProcess, tmp_path: Path) -> Client:
    """PyAuroraX as somebody uses it: `client("owner")`."""

    def made(name: str) -> Any:
        folder = str(tmp_path)
        return pyaurorax.PyAuroraX(
            download_output_root_path=folder,
            read_tar_temp_path=folder,
            api_base_url=sandbox.url,
            api_key=f"sandbox-key-{name}",
        )

    return made


@pytest.fixture
def aurorax(client: Client) -> Any:
    """PyAuroraX as owner@example.org uses it."""
    return client("owner")


@pytest.fixture
def source(aurorax: Any) -> Any:
    """A data source made with PyAuroraX."""
    return aurorax.search.sources.add(DataSource(**NAMES, source_type="ground", display_name="Example"))


def _ephemeris(source: Any, count: int) -> list[Any]:
    place = Location(lat=51.05, lon=-114.07)
    return [
        EphemerisData(
            source, START + timedelta(minutes=minute), location_geo=place, metadata={"minute": minute}
        )
        for minute in range(count)
    ]


def _keogram(source: Any, url: str) -> Any:
    metadata = {"keogram_type": "daily", "imaging_start_time": START}
    return DataProductData(source, "keogram", START, END, url, metadata=metadata)


def test_sources_are_listed_got_and_searched(aurorax: Any) -> None:
    sources = aurorax.search.sources.list(include_stats=True)
    assert len(sources) == 107  # PyAuroraX hides the negative one
    swarm = aurorax.search.sources.get("swarm", "swarma", "footprint", include_stats=True)
    assert (swarm.identifier, swarm.stats.ephemeris_count) == (3, 2880)
    assert aurorax.search.sources.get_using_identifier(103).owner == "owner@example.org"
    assert [found.platform for found in aurorax.search.sources.search(programs=["iss"])] == ["iss"]
    assert len(aurorax.search.sources.get_using_filters(source_type="leo", owner="owner2@example.org")) > 20


def test_a_source_is_added_updated_and_deleted(aurorax: Any) -> None:
    schema = [{"field_name": "f", "description": "d", "data_type": "string", "allowed_values": []}]
    added = aurorax.search.sources.add(
        DataSource(**NAMES, source_type="ground", display_name="Example", ephemeris_metadata_schema=schema)
    )
    assert added.owner == "owner@example.org"
    updated = aurorax.search.sources.update(
        added.identifier, display_name="New", maintainers=["maintainer@example.org"]
    )
    assert (updated.display_name, updated.maintainers) == ("New", ["maintainer@example.org"])
    assert updated.ephemeris_metadata_schema == schema
    assert aurorax.search.sources.delete(added.identifier) == 0
    with pytest.raises(AuroraXAPIError, match="No Data Source record found in AuroraX for identifier"):
        aurorax.search.sources.get_using_identifier(added.identifier)


def test_a_duplicate_and_a_source_with_data_are_refused(aurorax: Any, source: Any) -> None:
    with pytest.raises(AuroraXDuplicateError, match="Duplicate"):
        aurorax.search.sources.add(DataSource(**NAMES, source_type="ground", display_name="Example"))
    aurorax.search.ephemeris.upload(source.identifier, _ephemeris(source, 1))
    with pytest.raises(AuroraXConflictError, match="Conflict"):
        aurorax.search.sources.delete(source.identifier)


def test_ephemeris_are_uploaded_in_chunks_searched_and_deleted(aurorax: Any, source: Any) -> None:
    records = _ephemeris(source, 1300)
    assert aurorax.search.ephemeris.upload(source.identifier, records, validate_source=True) == 0
    found = aurorax.search.ephemeris.search(START, END, **LISTS, poll_interval=0.05)
    assert len(found.data) == 1300
    assert found.data[-1].epoch == START + timedelta(minutes=1299)
    assert found.data[7].metadata == {"minute": 7}
    assert (found.data[0].location_geo.lat, found.data[0].nbtrace.lat) == (51.05, None)
    assert aurorax.search.ephemeris.delete(source, START, END) == 0
    assert aurorax.search.ephemeris.search(START, END, **LISTS, poll_interval=0.05).data == []


def test_a_search_is_followed_step_by_step(aurorax: Any, sandbox: SandboxProcess) -> None:
    sandbox.switch(search_seconds=1)
    start = datetime(2020, 1, 1)  # noqa: DTZ001 - PyAuroraX takes naive times
    search = aurorax.search.ephemeris.search(
        start, start + timedelta(hours=1), programs=["swarm"], platforms=["swarma"], return_immediately=True
    )
    assert search.check_for_data() is False
    search.wait(poll_interval=0.05)
    search.get_data()
    assert len(search.data) == 61
    assert search.logs[-1]["summary"].endswith("found 61 records.")
    assert aurorax.search.requests.get_logs(search.request_url) == search.logs
    assert search.describe().startswith("Find ephemeris for ((program in (swarm) AND platform in (swarma)")
    address = aurorax.search.ephemeris.get_request_url(search.request_id)
    assert aurorax.search.requests.get_status(address)["search_result"]["result_count"] == 61


def test_a_search_with_a_response_format_answers_only_those_keys(aurorax: Any, source: Any) -> None:
    aurorax.search.data_products.upload(source.identifier, [_keogram(source, "a.jpg")])
    template = aurorax.search.data_products.create_response_format_template()
    wanted = {**dict.fromkeys(template, False), "url": True, "data_source": {"identifier": True}}
    found = aurorax.search.data_products.search(
        START, END, **LISTS, response_format=wanted, poll_interval=0.05
    )
    assert found.data == [{"data_source": {"identifier": source.identifier}, "url": "a.jpg"}]


def test_a_running_search_is_cancelled(aurorax: Any, sandbox: SandboxProcess) -> None:
    sandbox.switch(search_seconds=60)
    search = aurorax.search.ephemeris.search(START, END, programs=["swarm"], return_immediately=True)
    assert search.cancel(wait=True, poll_interval=0.05) == 0
    search.update_status()
    assert search.status["search_result"]["error_condition"] is True


def test_a_result_that_is_gone_is_told(aurorax: Any, sandbox: SandboxProcess) -> None:
    sandbox.switch(gone="200")
    search = aurorax.search.ephemeris.search(START, END, programs=["swarm"], return_immediately=True)
    search.wait(poll_interval=0.05)
    requests.delete(search.data_url, headers={"x-aurorax-api-key": "sandbox-key-owner"}, timeout=30)
    with pytest.raises(AuroraXDataRetrievalError, match="NotFound: There is no result file"):
        search.get_data()


def test_data_products_are_uploaded_searched_and_deleted_by_url_and_by_date(
    aurorax: Any, source: Any
) -> None:
    products = aurorax.search.data_products
    assert (
        products.upload(
            source.identifier, [_keogram(source, f"{n}.jpg") for n in range(3)], validate_source=True
        )
        == 0
    )
    found = products.search(START, END, **LISTS, data_product_types=["keogram"], poll_interval=0.05)
    assert {record.url for record in found.data} == {"0.jpg", "1.jpg", "2.jpg"}
    assert found.data[0].metadata["imaging_start_time"] == "2021-03-01T00:00:00.000000"
    assert products.delete_urls(source, ["0.jpg"]) == 0
    assert len(products.search(START, END, **LISTS, poll_interval=0.05).data) == 2
    assert products.delete(source, START, END) == 0
    assert products.search(START, END, **LISTS, poll_interval=0.05).data == []
    assert "data_product_type in (keogram)" in products.describe(found)


@pytest.mark.parametrize(
    ("expressions", "operator", "count"),
    [
        ([("minute", [3, 5], "in")], "and", 2),
        ([("minute", [2, 4], "between")], "and", 3),
        ([("minute", 8, ">=")], "and", 2),
        ([("minute", 3, "="), ("minute", 5, "=")], "or", 2),
        ([("minute", 3, "!="), ("minute", 5, "<")], "and", 4),
    ],
)
def test_metadata_filters(
    aurorax: Any, source: Any, expressions: list[tuple[str, Any, Any]], operator: Any, count: int
) -> None:
    aurorax.search.ephemeris.upload(source.identifier, _ephemeris(source, 10))
    filters = MetadataFilter([MetadataFilterExpression(*expression) for expression in expressions], operator)
    found = aurorax.search.ephemeris.search(START, END, **LISTS, metadata_filters=filters, poll_interval=0.05)
    assert len(found.data) == count


def test_availability_of_both_kinds(aurorax: Any, source: Any) -> None:
    aurorax.search.ephemeris.upload(source.identifier, _ephemeris(source, 10))
    aurorax.search.data_products.upload(source.identifier, [_keogram(source, "a.jpg")])
    span = (date(2021, 3, 1), date(2021, 3, 2))
    [ephemeris] = aurorax.search.availability.ephemeris(*span, **NAMES, slow=False)
    assert ephemeris.available_ephemeris == {"2021-03-01": 10}
    [products] = aurorax.search.availability.data_products(*span, **NAMES, slow=True)
    assert products.available_data_products == {"2021-03-01": 1}


def test_administrators_list_and_delete_search_requests(client: Client) -> None:
    admin = client("admin")
    search = admin.search.ephemeris.search(START, END, programs=["swarm"], return_immediately=True)
    [row] = admin.search.requests.list(search_type="ephemeris", active=False, start=datetime(2020, 1, 1))  # noqa: DTZ001 - as above
    assert row["request_id"] == search.request_id
    assert admin.search.requests.delete(search.request_id) == 0
    assert admin.search.requests.list() == []


def test_a_wrong_key_is_unauthorized(client: Client) -> None:
    with pytest.raises(AuroraXUnauthorizedError, match="Unauthorized"):
        client("nobody").search.sources.add(DataSource(**NAMES, source_type="ground", display_name="Example"))


def test_maintenance_is_told(aurorax: Any, source: Any, sandbox: SandboxProcess) -> None:
    sandbox.switch(maintenance=True)
    with pytest.raises(pyaurorax.AuroraXMaintenanceError, match="maintenance mode"):
        aurorax.search.sources.update(source.identifier, display_name="New")


def test_pyaurorax_reports_success_for_a_refused_upload(client: Client) -> None:
    """A fault of PyAuroraX 1.27 that a portal must not repeat: it ignores a 403 where it expects no body."""
    other = client("owner2")
    camera = other.search.sources.get_using_identifier(103)
    record = EphemerisData(camera, START, metadata={})
    assert other.search.ephemeris.upload(103, [record]) == 0
    assert other.search.ephemeris.search(START, END, programs=["trex"], poll_interval=0.05).data == []
