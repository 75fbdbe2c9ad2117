"""Searching: asynchronous, synchronous, formatted."""

import re
from typing import Any

import pytest

from tests.sandbox.conftest import STAMP, SWARM_DAY, Api, ephemeris, keogram, path_of, query, start
from tests.support.sandbox import SandboxProcess

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_a_search_is_accepted_with_an_absolute_location(sandbox: SandboxProcess, anyone: Api) -> None:
    answer = anyone.post("/ephemeris/search", SWARM_DAY)
    assert (answer.status_code, answer.content) == (202, b"")
    address, _, request_id = answer.headers["Location"].rpartition("/")
    assert address == f"{sandbox.url}/api/v1/ephemeris/requests"
    assert UUID.fullmatch(request_id)
    assert "Location" in list(answer.raw.headers)  # spelt so: IDL looks for exactly that


def test_every_result_value_is_null_while_a_search_runs(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(search_seconds=60)
    path = path_of(start(anyone))
    status = anyone.get(path).json()
    assert set(status["search_result"].values()) == {None}
    assert status["logs"][0]["summary"] == "Search request arrived and saved"
    assert status["logs"][-1]["summary"] == "Starting to write data to file"
    assert anyone.get(f"{path}/data").status_code == 404


def test_a_finished_search_says_where_its_data_is(anyone: Api) -> None:
    path = path_of(start(anyone))
    status = anyone.get(path).json()
    result = status["search_result"]
    assert list(result) == [
        "data_uri", "result_count", "result_file_deleted_timestamp", "file_size", "completed_timestamp",
        "query_duration", "error_condition",
    ]  # fmt: skip
    assert result["data_uri"] == f"/api/v1{path}/data"
    assert (result["result_count"], result["error_condition"]) == (1440, False)
    assert STAMP.fullmatch(result["completed_timestamp"])
    assert result["file_size"] > 1440 * 1000  # the complete source is counted with every record


def test_the_query_is_repeated_as_an_object_with_a_null_request_id(anyone: Api) -> None:
    request = anyone.get(path_of(start(anyone))).json()["search_request"]
    assert list(request) == ["request_id", "query", "requested", "request_type"]
    assert request["request_type"] == "ephemeris"
    assert request["query"] == {
        "request_id": None,
        "data_sources": {
            **SWARM_DAY["data_sources"],  # type: ignore[dict-item]  # the sources are the one dict in there
            "ephemeris_metadata_filters": {"logical_operator": "AND", "expressions": []},
        },
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T23:59:59",
    }


def test_the_log_of_a_search_reads_as_the_real_one(anyone: Api) -> None:
    logs = anyone.get(path_of(start(anyone, "data_products"))).json()["logs"]
    assert [entry["level"] for entry in logs] == ["debug", "info", "info", "debug", "info", "debug", "info"]
    assert logs[1]["summary"].startswith("Starting query for ")
    assert re.fullmatch(r"Finished query in \d+\.\d\d seconds\.", logs[2]["summary"])
    assert re.fullmatch(r"File size is \d+ bytes\.", logs[5]["summary"])
    assert re.fullmatch(r"Finished search in \d+\.\d\d seconds and found \d+ records\.", logs[6]["summary"])
    assert all(STAMP.fullmatch(entry["timestamp"]) for entry in logs)


def test_nothing_found_is_an_empty_result_of_five_bytes(anyone: Api) -> None:
    location = start(anyone, data_sources={"programs": ["nobody"]})
    result = anyone.get(path_of(location)).json()["search_result"]
    assert (result["file_size"], result["result_count"]) == (5, 0)
    assert anyone.result(location) == []


@pytest.mark.parametrize("request_id", ["some-bad-request-id", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_request_is_not_found(anyone: Api, request_id: str) -> None:
    assert anyone.get(f"/ephemeris/requests/{request_id}").status_code == 404
    assert anyone.get(f"/data_products/requests/{request_id}/data").status_code == 404


def test_ephemeris_come_in_time_order_with_both_ends(anyone: Api) -> None:
    records = anyone.search(
        "ephemeris", **{**SWARM_DAY, "start": "2020-01-01T10:00:00.000Z", "end": "2020-01-01T10:05:00"}
    )
    assert [record["epoch"][11:16] for record in records] == [
        "10:00",
        "10:01",
        "10:02",
        "10:03",
        "10:04",
        "10:05",
    ]


def test_data_products_come_in_no_particular_order(owner: Api, source: int) -> None:
    records = [keogram(f"{hour}", start=f"2021-03-01T0{hour}:00:00") for hour in range(5)]
    owner.post(f"/data_sources/{source}/data_products", records)
    starts = [record["start"] for record in owner.search("data_products", **query())]
    assert starts != sorted(starts)


def test_data_products_across_an_end_are_left_out(owner: Api, source: int) -> None:
    owner.post(
        f"/data_sources/{source}/data_products", [keogram("day"), keogram("hour", end="2021-03-01T00:59:00")]
    )
    found = owner.search("data_products", **query(end="2021-03-01T12:00:00"))
    assert [record["url"] for record in found] == ["hour"]


def test_data_products_are_filtered_by_type(owner: Api, source: int) -> None:
    records = [keogram("a"), keogram("b", data_product_type="movie")]
    owner.post(f"/data_sources/{source}/data_products", records)
    found = owner.search("data_products", **query(data_product_type_filters=["movie"]))
    assert [record["url"] for record in found] == ["b"]


@pytest.mark.parametrize("name", ["identifier_only", "basic_info", "with_metadata", "full_record"])
def test_the_source_of_a_record_comes_in_the_wanted_format(anyone: Api, name: str) -> None:
    location = start(anyone, end="2020-01-01T00:00:00")
    [record] = anyone.get(f"{path_of(location)}/data", data_source_record_format=name).json()["result"]
    assert record["data_source"] == anyone.get("/data_sources/3", format=name).json()


def test_a_formatted_answer_has_only_the_wanted_keys_and_empty_places(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(nbtrace={"lat": 1, "lon": 2})])
    location = owner.post("/ephemeris/search", query()).headers["Location"]
    place = {"lat": True, "lon": True}
    wanted = {
        "data_source": {"identifier": True, "owner": False},
        "epoch": True,
        "nbtrace": place,
        "location_gsm": place,
    }
    answer = owner.post(f"{path_of(location)}/data", wanted).json()
    assert answer == {
        "result": [
            {
                "data_source": {"identifier": source},
                "epoch": "2021-03-01T00:00:00",
                "location_gsm": {},
                "nbtrace": {"lat": 1.0, "lon": 2.0},
            }
        ]
    }


def test_a_result_is_what_was_there_when_the_search_ran(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 1})])
    location = owner.post("/ephemeris/search", query()).headers["Location"]
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 2})])
    assert owner.result(location)[0]["metadata"] == {"run": 1}


def test_a_synchronous_search_answers_a_bare_array(anyone: Api) -> None:
    answer = anyone.post(
        "/ephemeris/search_synchronous", {"query": {**SWARM_DAY, "end": "2020-01-01T00:01:00"}}
    )
    assert [record["epoch"] for record in answer.json()] == ["2020-01-01T00:00:00", "2020-01-01T00:01:00"]
    body = {"query": {**SWARM_DAY, "end": "2020-01-01T00:00:00"}, "response_format": {"epoch": True}}
    assert anyone.post("/ephemeris/search_synchronous", body).json() == [{"epoch": "2020-01-01T00:00:00"}]


@pytest.mark.parametrize(
    ("kind", "end", "status"),
    [
        ("ephemeris/search", "2020-02-01T00:00:00", 202),
        ("ephemeris/search", "2020-02-01T00:00:01", 400),
        ("ephemeris/search_synchronous", "2020-01-03T00:00:00", 200),
        ("ephemeris/search_synchronous", "2020-01-03T00:01:00", 400),
        ("data_products/search", "2050-01-01T00:00:00", 202),
        ("data_products/search_synchronous", "2030-01-01T00:00:00", 200),
        ("data_products/search_synchronous", "2030-02-01T00:00:00", 400),
    ],
)
def test_a_search_may_span_so_much_and_no_more(anyone: Api, kind: str, end: str, status: int) -> None:
    search = {"data_sources": {"programs": ["nobody"]}, "start": "2020-01-01T00:00:00", "end": end}
    assert (
        anyone.post(f"/{kind}", {"query": search} if "synchronous" in kind else search).status_code == status
    )


def test_the_limits_can_be_lifted(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(search_limits=False)
    assert anyone.post("/ephemeris/search", {**SWARM_DAY, "end": "2021-01-01T00:00:00"}).status_code == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"data_sources": {}},
        {"data_sources": None},
        {"start": None},
        {"end": "soon"},
        {"start": "2020-01-02T00:00:00", "end": "2020-01-01T00:00:00"},
        {"data_sources": {"programs": "swarm"}},
    ],
)
def test_an_ephemeris_search_that_makes_no_sense_is_refused(anyone: Api, changes: dict[str, Any]) -> None:
    answer = anyone.post("/ephemeris/search", {**SWARM_DAY, **changes})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "AssertionError"


def test_a_query_is_described_as_the_real_api_does(anyone: Api) -> None:
    assert anyone.post("/utils/describe/query/ephemeris", SWARM_DAY).json() == (
        "Find ephemeris for ((program in (swarm) AND platform in (swarma) AND instrument_type in (footprint) "
        "filtered by metadata ()) AND  ephemeris_metadata_filters [])  "
        "AND epoch between 2020-01-01T00:00 and 2020-01-01T23:59:59 UTC"
    )
    products = {
        "data_sources": {"programs": ["auroramax"]},
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-02T23:59:59",
    }
    described = (
        "Find data_products for ((program in (auroramax) filtered by metadata ()) AND  data_product_metadata_filters []) "
        "AND data_product start >= 2020-01-01T00:00 UTC AND data_product end <= 2020-01-02T23:59:59 UTC AND"
    )
    assert anyone.post("/utils/describe/query/data_products", products).json() == described
    products["data_product_type_filters"] = ["keogram"]
    assert anyone.post("/utils/describe/query/data_products", products).json() == (
        f"{described} data_product_type in (keogram)"
    )
