"""Searching: asynchronous, synchronous, formatted; filters; who may see a search; what Administrators see."""

import re
import time
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import Api, As, ephemeris, keogram, query
from tests.support.sandbox import SandboxProcess

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?")
SWARM_DAY = {
    "data_sources": {"programs": ["swarm"], "platforms": ["swarma"], "instrument_types": ["footprint"]},
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T23:59:59",
}


def _start(api: Api, kind: str = "ephemeris", **changes: object) -> str:
    answer = api.post(f"/{kind}/search", {**SWARM_DAY, **changes})
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def _path(location: str) -> str:
    return location.partition("/api/v1")[2]


def test_a_search_is_accepted_with_an_absolute_location(sandbox: SandboxProcess, anyone: Api) -> None:
    answer = anyone.post("/ephemeris/search", SWARM_DAY)
    assert (answer.status_code, answer.content) == (202, b"")
    address, _, request_id = answer.headers["Location"].rpartition("/")
    assert address == f"{sandbox.url}/api/v1/ephemeris/requests"
    assert UUID.fullmatch(request_id)
    assert "Location" in list(answer.raw.headers)  # spelt so: IDL looks for exactly that


def test_every_result_value_is_null_while_a_search_runs(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(search_seconds=60)
    path = _path(_start(anyone))
    status = anyone.get(path).json()
    assert set(status["search_result"].values()) == {None}
    assert status["logs"][0]["summary"] == "Search request arrived and saved"
    assert status["logs"][-1]["summary"] == "Starting to write data to file"
    assert anyone.get(f"{path}/data").status_code == 404


def test_a_finished_search_says_where_its_data_is(anyone: Api) -> None:
    path = _path(_start(anyone))
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
    request = anyone.get(_path(_start(anyone))).json()["search_request"]
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
    logs = anyone.get(_path(_start(anyone, "data_products"))).json()["logs"]
    assert [entry["level"] for entry in logs] == ["debug", "info", "info", "debug", "info", "debug", "info"]
    assert logs[1]["summary"].startswith("Starting query for ")
    assert re.fullmatch(r"Finished query in \d+\.\d\d seconds\.", logs[2]["summary"])
    assert re.fullmatch(r"File size is \d+ bytes\.", logs[5]["summary"])
    assert re.fullmatch(r"Finished search in \d+\.\d\d seconds and found \d+ records\.", logs[6]["summary"])
    assert all(STAMP.fullmatch(entry["timestamp"]) for entry in logs)


def test_nothing_found_is_an_empty_result_of_five_bytes(anyone: Api) -> None:
    location = _start(anyone, data_sources={"programs": ["nobody"]})
    result = anyone.get(_path(location)).json()["search_result"]
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
    location = _start(anyone, end="2020-01-01T00:00:00")
    [record] = anyone.get(f"{_path(location)}/data", data_source_record_format=name).json()["result"]
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
    answer = owner.post(f"{_path(location)}/data", wanted).json()
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


RECORDS = [
    {"region": "north polar cap", "distance": 10, "on": True},
    {"region": "low latitude", "distance": 9.5, "on": False},
    {"region": "north cusp"},
    None,
]
FILTERS = [
    ("region", "=", ["north cusp"], {2}),
    ("region", "!=", ["north cusp"], {0, 1}),
    ("region", "in", ["north cusp", "low latitude"], {1, 2}),
    ("region", "not in", ["north cusp", "low latitude"], {0}),
    ("distance", "<", ["10"], {1}),
    ("distance", "<=", ["10"], {0, 1}),
    ("distance", ">", [9.5], {0}),
    ("distance", ">=", ["9.50"], {0, 1}),
    ("distance", "between", ["9", "9.9"], {1}),
    ("distance", "=", ["10.0"], {0}),
    ("on", "=", ["true"], {0}),
    ("on", "in", ["false"], {1}),
    ("region", "<", ["m"], {1}),
    ("nothing", "!=", ["x"], set()),
]


@pytest.mark.parametrize(("key", "operator", "values", "found"), FILTERS)
def test_metadata_filters(
    owner: Api, source: int, key: str, operator: str, values: list[object], found: set[int]
) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(m, metadata=RECORDS[m]) for m in range(4)])
    filters = {"expressions": [{"key": key, "operator": operator, "values": values}]}
    sources = {"programs": ["example-program"], "ephemeris_metadata_filters": filters}
    records = owner.search("ephemeris", **query(data_sources=sources))
    assert {int(record["epoch"][14:16]) for record in records} == found


@pytest.mark.parametrize(
    ("operator", "found"), [("AND", {0}), ("OR", {0, 1, 2}), ("or", {0, 1, 2}), (None, {0})]
)
def test_metadata_filters_are_joined(owner: Api, source: int, operator: str | None, found: set[int]) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(m, metadata=RECORDS[m]) for m in range(4)])
    expressions = [
        {"key": "region", "operator": "!=", "values": ["low latitude"]},
        {"key": "distance", "operator": ">", "values": ["1"]},
    ]
    filters = {"logical_operator": operator, "expressions": expressions}
    sources = {"programs": ["example-program"], "ephemeris_metadata_filters": filters}
    records = owner.search("ephemeris", **query(data_sources=sources))
    assert {int(record["epoch"][14:16]) for record in records} == found


@pytest.mark.parametrize("filters", [{}, [], None, [{"key": "run", "operator": "=", "values": ["1"]}]])
def test_filters_also_come_empty_or_as_a_bare_list(owner: Api, source: int, filters: object) -> None:
    owner.post(f"/data_sources/{source}/data_products", [keogram("a", metadata={"run": 1})])
    sources = {"programs": ["example-program"], "data_product_metadata_filters": filters}
    assert len(owner.search("data_products", **query(data_sources=sources))) == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"logical_operator": "XOR", "expressions": []},
        {"expressions": [{"key": "a", "operator": "like", "values": ["b"]}]},
        {"expressions": [{"key": "a", "operator": "between", "values": ["1"]}]},
        {"expressions": [{"key": "a", "operator": "=", "values": []}]},
    ],
)
def test_filters_that_make_no_sense_are_refused(anyone: Api, filters: object) -> None:
    sources = {"programs": ["swarm"], "ephemeris_metadata_filters": filters}
    assert anyone.post("/ephemeris/search", {**SWARM_DAY, "data_sources": sources}).status_code == 400


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


def test_a_search_without_credential_is_public(anyone: Api, with_key: As) -> None:
    path = _path(_start(anyone))
    assert with_key("user").get(path).status_code == 200


def test_a_search_with_credential_is_private_to_its_caller(anyone: Api, with_key: As) -> None:
    path = _path(_start(with_key("owner")))
    assert with_key("owner").get(path).status_code == 200
    assert with_key("admin").get(path).status_code == 200
    assert with_key("owner2").get(path).status_code == 404
    assert anyone.get(f"{path}/data").status_code == 404


def test_cancelling_ends_a_running_search_with_an_error(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(search_seconds=60)
    path = _path(_start(anyone))
    status = anyone.delete(path).json()
    assert status["search_result"]["error_condition"] is True
    assert status["search_result"]["data_uri"] is None
    assert status["logs"][-1]["level"] == "error"
    assert anyone.get(f"{path}/data").status_code == 404


def test_cancelling_a_finished_search_changes_nothing(anyone: Api) -> None:
    path = _path(_start(anyone))
    assert anyone.delete(path).json()["search_result"]["error_condition"] is False
    assert anyone.get(f"{path}/data").status_code == 200


def test_deleting_the_result_leaves_the_search(anyone: Api) -> None:
    path = _path(_start(anyone))
    assert anyone.delete(f"{path}/data").status_code == 200
    result = anyone.get(path).json()["search_result"]
    assert STAMP.fullmatch(result["result_file_deleted_timestamp"])
    assert anyone.get(f"{path}/data").status_code == 404


def test_result_files_expire(sandbox: SandboxProcess, anyone: Api) -> None:
    path = _path(_start(anyone))
    sandbox.switch(result_minutes=0.001)
    time.sleep(0.1)
    assert anyone.get(f"{path}/data").status_code == 404
    assert anyone.get(path).json()["search_result"]["result_file_deleted_timestamp"]


def test_administrators_list_and_remove_everybodys_searches(owner: Api, admin: Api) -> None:
    request_id = _start(owner).rpartition("/")[2]
    [row] = admin.get("/utils/admin/search_requests").json()
    assert list(row) == [
        "search_type", "ip_address", "request_id", "requested", "active", "query_duration", "result_file_exists",
        "file_size", "result_count", "error_condition",
    ]  # fmt: skip
    assert (row["request_id"], row["search_type"], row["active"]) == (request_id, "ephemeris", False)
    assert admin.delete(f"/utils/admin/search_requests/{request_id}").status_code == 200
    assert admin.delete(f"/utils/admin/search_requests/{request_id}").status_code == 400
    assert admin.get("/utils/admin/search_requests").json() == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"search_type": "data_product"}, {"data_product"}),
        ({"search_type": "conjunction"}, set()),
        ({"result_count": 100}, {"ephemeris"}),
        ({"file_size": 100}, {"ephemeris"}),
        ({"file_size": 100_000_000}, set()),
        ({"active": "True"}, set()),
        ({"active": "true", "error_condition": "true"}, set()),
        ({"active": "false"}, {"ephemeris", "data_product"}),
        ({"error_condition": "true"}, set()),
        ({"query_duration": 3_600_000}, set()),
        ({"start": "2020-01-01T00:00:00"}, {"ephemeris", "data_product"}),
        ({"end": "2020-01-01T00:00:00"}, set()),
    ],
)
def test_the_listing_of_searches_is_filtered(admin: Api, filters: dict[str, object], found: set[str]) -> None:
    _start(admin)
    _start(admin, "data_products")
    rows = admin.get("/utils/admin/search_requests", **filters).json()
    assert {row["search_type"] for row in rows} == found


def test_running_searches_are_listed_as_active_without_a_result(sandbox: SandboxProcess, admin: Api) -> None:
    sandbox.switch(search_seconds=60)
    _start(admin)
    [row] = admin.get("/utils/admin/search_requests", active="True").json()
    assert row["file_size"] is row["result_count"] is row["error_condition"] is None


@pytest.mark.parametrize(("name", "status"), [("owner", 403), ("user", 403), ("nobody", 401)])
def test_only_administrators_see_everybodys_searches(with_key: As, name: str, status: int) -> None:
    assert with_key(name).get("/utils/admin/search_requests").status_code == status
    assert with_key(name).delete("/utils/admin/search_requests/1").status_code == status


def test_a_wrong_credential_is_told_even_where_none_is_needed(sandbox: SandboxProcess, with_key: As) -> None:
    assert with_key("nobody").post("/ephemeris/search", SWARM_DAY).status_code == 401
    answer = requests.get(
        f"{sandbox.url}/api/v1/data_sources", headers={"Authorization": "Bearer gone"}, timeout=30
    )
    assert answer.status_code == 401
