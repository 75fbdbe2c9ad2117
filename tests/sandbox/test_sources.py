"""Data sources: listing, formats, creating, changing, deleting."""

import time

import pytest
import requests

from tests.sandbox.conftest import EXAMPLE, NAMES, Api, As, ephemeris
from tests.support.sandbox import SandboxProcess

BASIC_INFO = ["identifier", "program", "platform", "instrument_type", "source_type", "display_name"]
FULL_RECORD = [
    *BASIC_INFO,
    "metadata",
    "owner",
    "maintainers",
    "ephemeris_metadata_schema",
    "data_product_metadata_schema",
]
FORMATS = {
    "identifier_only": ["identifier"],
    "basic_info": BASIC_INFO,
    "with_metadata": [*BASIC_INFO, "metadata"],
    "full_record": FULL_RECORD,
}


def test_anyone_may_list_the_107_real_sources_and_a_hidden_one(anyone: Api) -> None:
    identifiers = [source["identifier"] for source in anyone.get("/data_sources").json()]
    assert sum(identifier > 0 for identifier in identifiers) == 107
    assert sum(identifier < 0 for identifier in identifiers) == 1


def test_the_list_is_not_sorted_by_identifier(anyone: Api) -> None:
    identifiers = [source["identifier"] for source in anyone.get("/data_sources").json()]
    assert identifiers != sorted(identifiers)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_carries_its_keys_in_order_and_no_others(anyone: Api, name: str) -> None:
    assert list(anyone.get("/data_sources/3", format=name).json()) == FORMATS[name]
    assert list(anyone.get("/data_sources", format=name, program="swarm").json()[0]) == FORMATS[name]


def test_basic_info_is_the_default(anyone: Api) -> None:
    assert list(anyone.get("/data_sources/3").json()) == BASIC_INFO


def test_an_unknown_format_is_refused(anyone: Api) -> None:
    answer = anyone.get("/data_sources", format="everything")
    assert answer.status_code == 400
    assert "format is 'everything'" in answer.json()["error_message"]


@pytest.mark.parametrize("word", ["True", "true"])
def test_statistics_come_when_asked_for_in_python_or_idl_spelling(anyone: Api, word: str) -> None:
    stats = anyone.get("/data_sources/103", include_stats=word).json()["stats"]
    assert stats["data_source"]["identifier"] == 103
    assert stats["earliest_ephemeris_loaded"] == "2020-01-01T00:00:00"
    assert stats["latest_ephemeris_loaded"] == "2020-01-02T23:59:00"
    assert stats["ephemeris_count"] == 2880
    assert stats["data_product_count"] == 26


def test_statistics_of_an_empty_source_are_null_and_zero(anyone: Api) -> None:
    stats = anyone.get("/data_sources/44/stats").json()
    assert stats["earliest_ephemeris_loaded"] is stats["latest_data_product_loaded"] is None
    assert stats["ephemeris_count"] == stats["data_product_count"] == 0


def test_there_are_no_statistics_unless_asked_for(anyone: Api) -> None:
    assert "stats" not in anyone.get("/data_sources/103", include_stats="False").json()


def test_filters_narrow_the_list(anyone: Api) -> None:
    found = anyone.get("/data_sources", program="trex", platform="gillam", instrument_type="RGB ASI").json()
    assert [source["identifier"] for source in found] == [103]
    assert anyone.get("/data_sources", owner="owner@example.org", source_type="leo").json() == []


def test_a_search_takes_lists_of_names(anyone: Api) -> None:
    found = anyone.post("/data_sources/search", {"programs": ["swarm", "iss"], "platforms": []}).json()
    assert sorted(source["platform"] for source in found) == ["iss", "swarma", "swarmb", "swarmc"]
    assert anyone.post("/data_sources/search", {"programs": ["none"]}).json() == []


def test_an_unknown_identifier_is_not_found_in_the_real_words(anyone: Api) -> None:
    answer = anyone.get("/data_sources/12345678")
    assert answer.status_code == 404
    assert answer.json() == {
        "error_code": "NotFound",
        "error_message": "No Data Source record found in AuroraX for identifier 12345678",
    }


def test_creating_answers_200_with_the_full_record_and_the_caller_as_owner(owner: Api) -> None:
    answer = owner.post("/data_sources", {**EXAMPLE, "owner": None, "metadata": None})
    assert answer.status_code == 200
    assert list(answer.json()) == FULL_RECORD
    assert answer.json()["owner"] == "owner@example.org"
    assert answer.json()["maintainers"] is None


def test_a_source_may_be_made_again_under_its_number(owner: Api, source: int) -> None:
    assert owner.delete(f"/data_sources/{source}").status_code == 200
    again = owner.post("/data_sources", {**EXAMPLE, "identifier": source})
    assert again.json()["identifier"] == source


def test_an_identifier_is_counted_up_unless_given(owner: Api, source: int) -> None:
    highest = owner.post("/data_sources", {**EXAMPLE, "program": "a", "identifier": 2**31 - 1})
    assert highest.json()["identifier"] == 2**31 - 1
    assert owner.post("/data_sources", {**EXAMPLE, "program": "b"}).json()["identifier"] == source + 1


@pytest.mark.parametrize("changes", [{"identifier": 103}, {}])
def test_a_duplicate_number_or_name_is_a_conflict(owner: Api, source: int, changes: dict[str, int]) -> None:
    answer = owner.post("/data_sources", {**EXAMPLE, **changes, **({"program": "new"} if changes else {})})
    assert answer.status_code == 409
    assert answer.json()["error_code"] == "Duplicate"


@pytest.mark.parametrize("field", EXAMPLE)
def test_a_required_field_must_be_there(owner: Api, field: str) -> None:
    answer = owner.post("/data_sources", {key: value for key, value in EXAMPLE.items() if key != field})
    assert answer.status_code == 400
    assert field in answer.json()["error_message"]


@pytest.mark.parametrize(
    ("field", "limit"),
    [("program", 200), ("platform", 50), ("instrument_type", 200), ("display_name", 50)],
)
def test_an_overlong_field_is_a_bare_500_and_the_limit_itself_passes(
    owner: Api, field: str, limit: int
) -> None:
    refused = owner.post("/data_sources", {**EXAMPLE, field: "x" * (limit + 1)})
    assert refused.status_code == 500
    assert refused.headers["Content-Type"] == "text/plain"
    assert owner.post("/data_sources", {**EXAMPLE, field: "x" * limit}).status_code == 200


def test_an_overlong_field_can_be_told_to_explain_itself(sandbox: SandboxProcess, owner: Api) -> None:
    sandbox.switch(overlong_500=False)
    answer = owner.post("/data_sources", {**EXAMPLE, "display_name": "x" * 51})
    assert answer.status_code == 400
    assert answer.json()["error_message"] == "display_name is longer than 50 characters."


def test_put_loses_what_it_leaves_out(owner: Api, source: int) -> None:
    owner.patch(f"/data_sources/{source}", {"maintainers": ["maintainer@example.org"], "metadata": {"a": 1}})
    answer = owner.put(
        f"/data_sources/{source}", {**EXAMPLE, "display_name": "New", "owner": "owner@example.org"}
    )
    assert answer.status_code == 200
    assert answer.json()["display_name"] == "New"
    assert answer.json()["maintainers"] is answer.json()["metadata"] is None


def test_patch_leaves_null_alone_and_overwrites_with_empty_values(owner: Api, source: int) -> None:
    owner.patch(f"/data_sources/{source}", {"maintainers": ["a@example.org"], "metadata": {"a": 1}})
    kept = owner.patch(
        f"/data_sources/{source}", {"display_name": "New", "maintainers": None, "metadata": None}
    ).json()
    assert (kept["display_name"], kept["maintainers"], kept["metadata"]) == (
        "New",
        ["a@example.org"],
        {"a": 1},
    )
    emptied = owner.patch(f"/data_sources/{source}", {"maintainers": [], "metadata": {}}).json()
    assert (emptied["maintainers"], emptied["metadata"]) == ([], {})


def test_patch_changes_the_instrument_type_but_not_the_identifier(owner: Api, source: int) -> None:
    body = {"identifier": source, "instrument_type": "another"}
    assert owner.patch(f"/data_sources/{source}", body).json()["instrument_type"] == "another"
    assert owner.patch(f"/data_sources/{source}", {"identifier": source + 1}).status_code == 400


def test_patch_into_another_source_is_a_conflict(owner: Api, source: int) -> None:
    body = {"program": "trex", "platform": "gillam", "instrument_type": "RGB ASI"}
    assert owner.patch(f"/data_sources/{source}", body).status_code == 409


def test_a_source_that_holds_data_cannot_be_deleted(owner: Api) -> None:
    answer = owner.delete("/data_sources/103")
    assert answer.status_code == 409
    assert answer.json()["error_code"] == "Conflict"


def test_nor_one_whose_upload_was_only_just_accepted(
    sandbox: SandboxProcess, owner: Api, source: int
) -> None:
    sandbox.switch(ingest_delay=60)
    assert owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()]).status_code == 202
    assert owner.delete(f"/data_sources/{source}").status_code == 409


def test_but_one_whose_records_were_all_deleted_since(
    sandbox: SandboxProcess, owner: Api, source: int
) -> None:
    assert owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()]).status_code == 202
    sandbox.switch(ingest_delay=0.2)
    span = {**NAMES, "start": "2000-01-01T00:00:00", "end": "2100-01-01T00:00:00"}
    assert owner.delete(f"/data_sources/{source}/ephemeris", span).status_code == 202
    time.sleep(0.2)
    assert owner.delete(f"/data_sources/{source}").status_code == 200


def test_deleting_answers_200_without_a_body(owner: Api, source: int) -> None:
    answer = owner.delete(f"/data_sources/{source}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert owner.get(f"/data_sources/{source}").status_code == 404


def test_a_schema_keeps_missing_null_and_empty_apart(owner: Api, source: int) -> None:
    schema = [
        {
            "searchable": None,
            "data_type": "double",
            "description": "d",
            "field_name": "f",
            "allowed_values": [],
        },
        {"field_name": "g", "description": "", "data_type": "bool", "allowed_values": ["true", "false"]},
    ]
    stored = owner.patch(f"/data_sources/{source}", {"ephemeris_metadata_schema": schema}).json()
    assert stored["ephemeris_metadata_schema"] == schema
    assert list(stored["ephemeris_metadata_schema"][0]) == [
        "field_name", "description", "data_type", "allowed_values", "searchable",
    ]  # fmt: skip


def test_metadata_comes_back_with_its_keys_by_length(owner: Api, source: int) -> None:
    owner.patch(f"/data_sources/{source}", {"metadata": {"zz": 1, "long": {"b": 1, "aa": 2, "a": 3}, "a": 0}})
    text = owner.get(f"/data_sources/{source}", format="with_metadata").text
    assert text.endswith('"metadata":{"a":0,"zz":1,"long":{"a":3,"b":1,"aa":2}}}')


def test_only_an_administrator_names_another_owner(owner: Api, admin: Api, source: int) -> None:
    body = {"owner": "owner2@example.org"}
    assert owner.patch(f"/data_sources/{source}", body).status_code == 403
    assert admin.patch(f"/data_sources/{source}", body).json()["owner"] == "owner2@example.org"


def test_repeated_slashes_are_folded(sandbox: SandboxProcess) -> None:
    answer = requests.get(f"{sandbox.url}//api/v1//data_sources/3", timeout=30)
    assert answer.json()["identifier"] == 3


def test_json_has_a_bare_content_type(anyone: Api) -> None:
    for answer in (anyone.get("/data_sources"), anyone.get("/data_sources/0"), anyone.get("/nothing")):
        assert answer.headers["Content-Type"] == "application/json"


ROLES = {"user": 403, "maintainer": 403, "owner2": 403, "owner": 200, "admin": 200}


@pytest.mark.parametrize("name", ROLES)
def test_a_source_is_changed_and_deleted_by_its_owner_or_an_administrator(
    with_key: As, source: int, name: str
) -> None:
    person = with_key(name)
    assert person.patch(f"/data_sources/{source}", {"display_name": "New"}).status_code == ROLES[name]
    assert person.put(f"/data_sources/{source}", {**EXAMPLE, "owner": None}).status_code == ROLES[name]


@pytest.mark.parametrize("name", ROLES)
def test_a_source_is_deleted_by_its_owner_or_an_administrator(with_key: As, source: int, name: str) -> None:
    assert with_key(name).delete(f"/data_sources/{source}").status_code == ROLES[name]


@pytest.mark.parametrize(
    ("name", "status"), [("user", 403), ("maintainer", 403), ("owner2", 200), ("admin", 200)]
)
def test_sources_are_created_by_owners_and_administrators(with_key: As, name: str, status: int) -> None:
    assert with_key(name).post("/data_sources", EXAMPLE).status_code == status


def test_writing_needs_a_credential(anyone: Api) -> None:
    answers = [
        anyone.post("/data_sources", EXAMPLE),
        anyone.patch("/data_sources/103", {}),
        anyone.put("/data_sources/103", EXAMPLE),
        anyone.delete("/data_sources/103"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert answers[0].json()["error_message"].startswith("Unauthorized. Please authenticate")


def test_maintainers_are_kept_as_they_come(owner: Api, source: int) -> None:
    odd = ["a@example.org", " A@example.org", "", "a@example.org", "a@example.org, b@example.org"]
    assert owner.patch(f"/data_sources/{source}", {"maintainers": odd}).status_code == 200
    assert owner.get(f"/data_sources/{source}", format="full_record").json()["maintainers"] == odd
