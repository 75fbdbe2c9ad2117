"""Searches as things: who may see one, cancelling, deleting, and what Administrators see of everybody's."""

import time

import pytest
import requests

from tests.sandbox.conftest import STAMP, SWARM_DAY, Api, As, path_of, start
from tests.support.sandbox import SandboxProcess


def test_a_search_without_credential_is_public(anyone: Api, with_key: As) -> None:
    path = path_of(start(anyone))
    assert with_key("user").get(path).status_code == 200


def test_a_search_with_credential_is_private_to_its_caller(anyone: Api, with_key: As) -> None:
    path = path_of(start(with_key("owner")))
    assert with_key("owner").get(path).status_code == 200
    assert with_key("admin").get(path).status_code == 200
    assert with_key("owner2").get(path).status_code == 404
    assert anyone.get(f"{path}/data").status_code == 404


def test_cancelling_ends_a_running_search_with_an_error(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(search_seconds=60)
    path = path_of(start(anyone))
    status = anyone.delete(path).json()
    assert status["search_result"]["error_condition"] is True
    assert status["search_result"]["data_uri"] is None
    assert status["logs"][-1]["level"] == "error"
    assert anyone.get(f"{path}/data").status_code == 404


def test_cancelling_a_finished_search_changes_nothing(anyone: Api) -> None:
    path = path_of(start(anyone))
    assert anyone.delete(path).json()["search_result"]["error_condition"] is False
    assert anyone.get(f"{path}/data").status_code == 200


def test_deleting_the_result_leaves_the_search(anyone: Api) -> None:
    path = path_of(start(anyone))
    assert anyone.delete(f"{path}/data").status_code == 200
    result = anyone.get(path).json()["search_result"]
    assert STAMP.fullmatch(result["result_file_deleted_timestamp"])
    assert anyone.get(f"{path}/data").status_code == 404


def test_a_result_that_is_gone_may_also_be_told_as_pyaurorax_reads_it(
    sandbox: SandboxProcess, anyone: Api
) -> None:
    sandbox.switch(gone="200")
    path = path_of(start(anyone))
    anyone.delete(f"{path}/data")
    answer = anyone.get(f"{path}/data")
    assert answer.status_code == 200
    assert answer.json()["error"]["error_code"] == "NotFound"


def test_result_files_expire(sandbox: SandboxProcess, anyone: Api) -> None:
    path = path_of(start(anyone))
    sandbox.switch(result_minutes=0.001)
    time.sleep(0.1)
    assert anyone.get(f"{path}/data").status_code == 404
    assert anyone.get(path).json()["search_result"]["result_file_deleted_timestamp"]


def test_administrators_list_and_remove_everybodys_searches(owner: Api, admin: Api) -> None:
    request_id = start(owner).rpartition("/")[2]
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
    start(admin)
    start(admin, "data_products")
    rows = admin.get("/utils/admin/search_requests", **filters).json()
    assert {row["search_type"] for row in rows} == found


def test_running_searches_are_listed_as_active_without_a_result(sandbox: SandboxProcess, admin: Api) -> None:
    sandbox.switch(search_seconds=60)
    start(admin)
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
