"""Ephemeris and data product records: uploading, what is done to them, deleting."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sandbox.conftest import NAMES, Api, As, ephemeris, keogram, query
from tests.support.sandbox import SandboxProcess

NOWHERE = {"lat": None, "lon": None}
DAY = {**NAMES, "start": "2021-03-01T00:00:00", "end": "2021-03-01T23:59:59"}


def test_an_upload_is_accepted_with_202_and_no_body(owner: Api, source: int) -> None:
    answer = owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()])
    assert (answer.status_code, answer.content) == (202, b"")


def test_a_record_comes_back_with_every_place_and_a_time_without_zone(owner: Api, source: int) -> None:
    place = {"lat": 51.05, "lon": -114.07}
    owner.post(
        f"/data_sources/{source}/ephemeris",
        [ephemeris(location_geo=place, nbtrace=NOWHERE, metadata={"a": 1})],
    )
    [record] = owner.search("ephemeris", **query())
    assert list(record) == [
        "data_source", "epoch", "location_geo", "location_gsm", "nbtrace", "sbtrace", "metadata",
    ]  # fmt: skip
    assert next(iter(record["data_source"])) == "identifier"
    assert record["epoch"] == "2021-03-01T00:00:00"
    assert record["location_geo"] == place
    assert record["location_gsm"] == record["nbtrace"] == record["sbtrace"] == NOWHERE
    assert record["metadata"] == {"a": 1}


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ({"lat": 150.25, "lon": -10.75}, {"lat": 29.75, "lon": -10.75}),
        ({"lat": -150.25, "lon": 0}, {"lat": -29.75, "lon": 0}),
        ({"lat": 0, "lon": 239.97757}, {"lat": 0, "lon": 239.97757 - 360}),
        ({"lat": 90, "lon": 180}, {"lat": 90, "lon": 180}),
        ({"lat": -90, "lon": -180}, {"lat": -90, "lon": -180}),
        ({"lat": 1.5, "lon": None}, {"lat": 1.5, "lon": None}),
        ({}, NOWHERE),
        (None, NOWHERE),
    ],
)
def test_a_place_is_folded_not_refused(owner: Api, source: int, sent: object, back: object) -> None:
    assert owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(location_gsm=sent)]).status_code == 202
    assert owner.search("ephemeris", **query())[0]["location_gsm"] == back


@pytest.mark.parametrize(
    "epoch",
    [
        "2021-03-01T12:30:00",
        "2021-03-01T12:30:00Z",
        "2021-03-01T12:30:00.000Z",
        "2021-03-01T14:30:00.123+02:00",
    ],
)
def test_times_come_with_or_without_zone_and_fraction(owner: Api, source: int, epoch: str) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(epoch=epoch)])
    assert owner.search("ephemeris", **query())[0]["epoch"] == "2021-03-01T12:30:00"


def test_uploading_again_replaces_by_epoch(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 1}), ephemeris(1)])
    owner.post(
        f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 2}), ephemeris(metadata={"run": 3})]
    )
    assert [record["metadata"] for record in owner.search("ephemeris", **query())] == [{"run": 3}, None]


def test_uploading_again_replaces_by_url(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/data_products", [keogram("test.jpg"), keogram("b.jpg")])
    owner.post(f"/data_sources/{source}/data_products", [keogram("test.jpg", data_product_type="movie")])
    found = {
        record["url"]: record["data_product_type"] for record in owner.search("data_products", **query())
    }
    assert found == {"test.jpg": "movie", "b.jpg": "keogram"}


def test_a_data_product_has_its_keys_in_the_real_order(owner: Api, source: int) -> None:
    owner.post(
        f"/data_sources/{source}/data_products", [keogram("test.jpg", start="2021-03-01T00:00:00.000Z")]
    )
    [record] = owner.search("data_products", **query())
    assert list(record) == ["start", "end", "data_source", "url", "data_product_type", "metadata"]
    assert (record["start"], record["end"]) == ("2021-03-01T00:00:00", "2021-03-01T23:59:00")


def test_metadata_loses_the_order_of_its_keys(owner: Api, source: int) -> None:
    metadata = {"tii_on": True, "nbtrace_region": "x", "state": "definitive", "a": {"bb": 1, "c": 2}}
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata=metadata)])
    [record] = owner.search("ephemeris", **query())
    assert list(record["metadata"]) == ["a", "state", "tii_on", "nbtrace_region"]
    assert list(record["metadata"]["a"]) == ["c", "bb"]


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"platform": "elsewhere"}, "program, platform and instrument_type are not those of data source"),
        ({"epoch": "yesterday"}, "Invalid RFC3339 encoded datetime"),
        ({"location_geo": {"lat": "north", "lon": 1}}, "Expected `float | null`, got `str`"),
        ({"identifier": 3}, "unknown field `identifier`"),
        ({"metadata": "text"}, "Expected `object | null`, got `str`"),
        ({"metadata": {"a": [1, {"b": "text"}]}, "epoch": None}, "Expected `datetime`, got `null`"),
    ],
)
def test_a_wrong_record_is_named_in_a_list_of_errors(
    owner: Api, source: int, record: dict[str, Any], problem: str
) -> None:
    answer = owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(), {**ephemeris(1), **record}])
    assert answer.status_code == 400
    [error] = answer.json()
    assert error["error_message"].startswith("Record 1: ")
    assert problem in error["error_message"]
    assert owner.search("ephemeris", **query()) == []


@pytest.mark.parametrize(
    "body", [b"", b"[", b"{}", b"[1]", b'"text"', b"[NaN]", b'[{"epoch": "\\u0000"}]', b"[" * 9999]
)
def test_a_body_that_is_no_array_of_records_is_refused(owner: Api, source: int, body: bytes) -> None:
    assert owner.send("POST", f"/data_sources/{source}/ephemeris", body).status_code == 400


def test_metadata_that_is_nested_too_deeply_is_refused(owner: Api, source: int) -> None:
    metadata = b'{"a":' * 700 + b"1" + b"}" * 700
    answer = owner.send("PATCH", f"/data_sources/{source}", b'{"metadata": ' + metadata + b"}")
    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["error_message"]


def test_uploads_at_the_same_time_do_not_disturb_each_other(owner: Api, source: int) -> None:
    def upload(hour: int) -> int:
        records = [ephemeris(60 * hour + minute) for minute in range(60)]
        return owner.post(f"/data_sources/{source}/ephemeris", records).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(upload, range(24))) == {202}
    assert len(owner.search("ephemeris", **query())) == 1440


def test_an_unknown_product_type_is_refused(owner: Api, source: int) -> None:
    answer = owner.post(f"/data_sources/{source}/data_products", [keogram("a", data_product_type="average")])
    assert answer.status_code == 400


def test_an_empty_array_is_accepted(owner: Api, source: int) -> None:
    assert owner.post(f"/data_sources/{source}/ephemeris", []).status_code == 202


def test_uploading_to_an_unknown_source_is_a_400_because_the_document_has_no_404_there(owner: Api) -> None:
    for kind in ("ephemeris", "data_products"):
        answer = owner.post(f"/data_sources/99999/{kind}", [])
        assert (answer.status_code, answer.json()["error_code"]) == (400, "NotFound")


def test_records_arrive_later(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(ingest_delay=1)
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()])
    assert owner.search("ephemeris", **query()) == []
    time.sleep(1)
    assert len(owner.search("ephemeris", **query())) == 1


def test_the_operator_can_finish_what_is_pending(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(ingest_delay=60)
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 1})])
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(metadata={"run": 2})])
    owner.post(f"/data_sources/{source}/data_products", [keogram("a")])
    sandbox.ingest()
    assert [record["metadata"] for record in owner.search("ephemeris", **query())] == [{"run": 2}]
    assert len(owner.search("data_products", **query())) == 1


def test_a_deletion_covers_both_ends_and_leaves_a_job(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(minute) for minute in range(5)])
    span = {**NAMES, "start": "2021-03-01T00:01:00", "end": "2021-03-01T00:03:00"}
    assert owner.delete(f"/data_sources/{source}/ephemeris", span).status_code == 202
    assert [record["epoch"][-5:] for record in owner.search("ephemeris", **query())] == ["00:00", "04:00"]
    [job] = owner.get(f"/data_sources/{source}/ephemeris/delete_jobs").json()
    lines = owner.get(f"/data_sources/{source}/ephemeris/delete_jobs/{job}").json()
    assert lines[-1].endswith("deleted 3 records")


def test_a_deletion_is_asynchronous_and_keeps_its_place_in_the_queue(
    sandbox: SandboxProcess, owner: Api, source: int
) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(0)])
    sandbox.switch(ingest_delay=60)
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(1)])
    owner.delete(f"/data_sources/{source}/ephemeris", DAY)
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(2)])
    assert len(owner.search("ephemeris", **query())) == 1
    sandbox.ingest()
    assert [record["epoch"][-5:] for record in owner.search("ephemeris", **query())] == ["02:00"]


def test_deletions_need_the_names_of_the_source_and_all_parameters(owner: Api, source: int) -> None:
    for body in ({**DAY, "program": "other"}, {key: DAY[key] for key in NAMES}, {**DAY, "start": "?"}):
        assert owner.delete(f"/data_sources/{source}/ephemeris", body).status_code == 400
    assert owner.delete(f"/data_sources/{source}/data_products", {"urls": []}).status_code == 400


def test_data_products_are_deleted_by_url_at_once(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/data_products", [keogram("a"), keogram("b"), keogram("c")])
    answer = owner.delete(f"/data_sources/{source}/data_products", {**NAMES, "urls": ["a", "c", "unknown"]})
    assert (answer.status_code, answer.content) == (200, b"")
    assert [record["url"] for record in owner.search("data_products", **query())] == ["b"]


def test_deleting_no_urls_deletes_nothing(owner: Api, source: int) -> None:
    owner.post(f"/data_sources/{source}/data_products", [keogram("a")])
    for body in ({**NAMES, "urls": []}, NAMES):
        assert owner.delete(f"/data_sources/{source}/data_products", body).status_code == 200
    assert len(owner.search("data_products", **query())) == 1


def test_delete_jobs_of_unknown_sources_and_ids_are_not_found(owner: Api, source: int) -> None:
    assert owner.get("/data_sources/99999/ephemeris/delete_jobs").status_code == 404
    for job in ("no-uuid", "00000000-0000-0000-0000-000000000000"):
        assert owner.get(f"/data_sources/{source}/ephemeris/delete_jobs/{job}").status_code == 404


PEOPLE = {"user": 403, "owner2": 403, "maintainer": 202, "owner": 202, "admin": 202}


@pytest.mark.parametrize("name", PEOPLE)
def test_records_are_written_by_maintainers_owners_and_administrators(
    with_key: As, owner: Api, source: int, name: str
) -> None:
    owner.patch(f"/data_sources/{source}", {"maintainers": ["maintainer@example.org"]})
    person, allowed = with_key(name), PEOPLE[name]
    deleted = 200 if allowed == 202 else 403
    assert person.post(f"/data_sources/{source}/ephemeris", [ephemeris()]).status_code == allowed
    assert person.post(f"/data_sources/{source}/data_products", [keogram("a")]).status_code == allowed
    assert person.delete(f"/data_sources/{source}/ephemeris", DAY).status_code == allowed
    assert (
        person.delete(f"/data_sources/{source}/data_products", {**NAMES, "urls": ["a"]}).status_code
        == deleted
    )


def test_a_maintainer_has_no_rights_where_they_are_not_listed(with_key: As, source: int) -> None:
    answer = with_key("maintainer").post(f"/data_sources/{source}/ephemeris", [ephemeris()])
    assert answer.status_code == 403
    assert answer.json()["error_code"] == "NotPermitted"


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (" Maintainer@Example.org ", 202),
        ("maintainer@example.org", 202),
        ("maintainer@example.org, a@example.org", 403),
        ("", 403),
    ],
)
def test_case_and_blanks_make_no_other_maintainer(
    with_key: As, owner: Api, source: int, entry: str, status: int
) -> None:
    assert owner.patch(f"/data_sources/{source}", {"maintainers": [entry]}).status_code == 200
    answer = with_key("maintainer").post(f"/data_sources/{source}/ephemeris", [ephemeris()])
    assert answer.status_code == status


def test_writing_records_needs_a_credential(anyone: Api) -> None:
    for kind in ("ephemeris", "data_products"):
        assert anyone.post(f"/data_sources/103/{kind}", []).status_code == 401
        assert anyone.delete(f"/data_sources/103/{kind}", {}).status_code == 401
