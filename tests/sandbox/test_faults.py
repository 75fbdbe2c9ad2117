"""Faults that are switched on: what a client sees, and what was done nevertheless."""

import time
from pathlib import Path

import pytest
import requests

from tests.sandbox.conftest import EXAMPLE, Api, ephemeris, keogram, query
from tests.support.sandbox import SandboxProcess

ME = {"display_name": "Mine"}


def test_maintenance_stops_writes_and_not_reads(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(maintenance=True)
    answers = [
        owner.post("/data_sources", EXAMPLE),
        owner.put("/data_sources/103", EXAMPLE),
        owner.patch("/data_sources/103", ME),
        owner.delete("/data_sources/103"),
        owner.post(f"/data_sources/{source}/ephemeris", []),
        owner.delete(f"/data_sources/{source}/ephemeris", {}),
        owner.post(f"/data_sources/{source}/data_products", []),
        owner.delete(f"/data_sources/{source}/data_products", {}),
    ]
    assert {answer.status_code for answer in answers} == {503}
    assert "maintenance mode" in answers[0].json()["error_message"]
    assert answers[0].json()["error_code"] == "Unavailable"
    assert owner.get("/data_sources").status_code == 200
    assert owner.search("ephemeris", **query()) == []


def test_latency_delays_the_answer(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(latency=0.3)
    began = time.monotonic()
    assert anyone.get("/data_sources/3").status_code == 200
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    ("status", "content_type"),
    [
        (400, "application/json"),
        (500, "text/plain"),
        (502, "text/html"),
        (503, "application/json"),
        (504, "text/html"),
    ],
)
def test_an_error_comes_as_its_status_does(
    sandbox: SandboxProcess, owner: Api, status: int, content_type: str
) -> None:
    sandbox.switch(errors=f"{status}=1")
    answer = owner.patch("/data_sources/103", ME)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    sandbox.switch(errors="")
    assert owner.get("/data_sources/103").json()["display_name"] == "TREx RGB GILL"


def test_429_says_when_to_come_back(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(errors="429=1", retry_after=7)
    answer = anyone.get("/data_sources")
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["error_code"] == "ToManyRequests"


def test_the_same_dice_fall_the_same_way(sandbox: SandboxProcess, anyone: Api) -> None:
    runs = []
    for dice in (5, 5, 6):
        sandbox.switch(dice=dice, errors="500=0.3, 503=0.3")
        runs.append([anyone.get("/data_sources/3").status_code for _ in range(30)])
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 500, 503}


def test_faults_stop_after_so_many_times(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(errors="503=1", times=2)
    assert [anyone.get("/data_sources/3").status_code for _ in range(4)] == [503, 503, 200, 200]


def test_faults_hit_only_what_they_are_meant_for(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(errors="503=1", only="POST /api/v1/data_sources/*/ephemeris")
    assert owner.get("/data_sources").status_code == 200
    assert owner.post(f"/data_sources/{source}/ephemeris", [ephemeris()]).status_code == 503
    assert owner.post(f"/data_sources/{source}/data_products", [keogram("a")]).status_code == 202


def test_a_connection_dropped_before_the_work_leaves_nothing_done(
    sandbox: SandboxProcess, owner: Api
) -> None:
    sandbox.switch(drop_before=1, times=1)
    with pytest.raises(requests.ConnectionError):
        owner.patch("/data_sources/103", ME)
    assert owner.get("/data_sources/103").json()["display_name"] == "TREx RGB GILL"


def test_a_connection_dropped_after_the_work_hides_that_it_was_done(
    sandbox: SandboxProcess, owner: Api
) -> None:
    sandbox.switch(drop_after=1, times=1)
    with pytest.raises(requests.ConnectionError):
        owner.patch("/data_sources/103", ME)
    assert owner.get("/data_sources/103").json()["display_name"] == "Mine"


def test_dropped_connections_are_no_mistake_of_the_sandbox(sandbox: SandboxProcess, owner: Api) -> None:
    sandbox.switch(drop_after=1, times=1)
    with pytest.raises(requests.ConnectionError):
        owner.get("/data_sources")
    assert "Traceback" not in sandbox.log


def test_a_refused_upload_leaves_the_connection_usable(sandbox: SandboxProcess) -> None:
    address = f"{sandbox.url}/api/v1/data_sources/103/ephemeris"
    with requests.Session() as session:
        statuses = {session.post(address, data=b" " * 300_000, timeout=30).status_code for _ in range(20)}
    assert statuses == {401}


def test_every_so_many_records_are_lost_without_a_word(
    sandbox: SandboxProcess, owner: Api, source: int
) -> None:
    sandbox.switch(lose_every=10)
    records = [ephemeris(minute) for minute in range(100)]
    assert owner.post(f"/data_sources/{source}/ephemeris", records).status_code == 202
    found = owner.search("ephemeris", **query())
    assert len(found) == 90
    lost = {record["epoch"][:16] for record in records} - {record["epoch"][:16] for record in found}
    owner.post(
        f"/data_sources/{source}/ephemeris", [record for record in records if record["epoch"][:16] in lost]
    )
    assert len(owner.search("ephemeris", **query())) == 99


@pytest.mark.parametrize("key", ["error_message", "message"])
def test_rejected_records_are_named_in_a_list(
    sandbox: SandboxProcess, owner: Api, source: int, key: str
) -> None:
    sandbox.switch(reject_every=20, reject_shape=key)
    records = [ephemeris(minute) for minute in range(100)]
    answer = owner.post(f"/data_sources/{source}/ephemeris", records)
    assert answer.status_code == 400
    bad = {int(error[key].removeprefix("Record ").partition(":")[0]) for error in answer.json()}
    assert 0 < len(bad) < 20
    good = [record for number, record in enumerate(records) if number not in bad]
    assert owner.post(f"/data_sources/{source}/ephemeris", good).status_code == 202
    assert owner.post(f"/data_sources/{source}/ephemeris", [records[min(bad)]]).status_code == 400


def test_or_in_one_object(sandbox: SandboxProcess, owner: Api, source: int) -> None:
    sandbox.switch(reject_every=1, reject_shape="object")
    answer = owner.post(f"/data_sources/{source}/data_products", [keogram("a"), keogram("b")])
    assert answer.status_code == 400
    assert answer.json()["error_message"].startswith("Record 0: refused for a test (a). Record 1: ")


@pytest.mark.parametrize(
    ("switches", "problem"),
    [
        ({"latency": -1}, "latency"),
        ({"errors": "teapot"}, "is not a status and a rate"),
        ({"errors": "500=0.6,503=0.6"}, "rates add up to 1 at most"),
        ({"errors": "200=1"}, "statuses from 400 to 599"),
        ({"colour": "green"}, "colour is no switch"),
        ({"reject_shape": "square"}, "reject_shape"),
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(
    sandbox: SandboxProcess, switches: dict[str, object], problem: str
) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox/faults", json=switches, timeout=30)
    assert answer.status_code == 400
    assert problem in answer.json()["error_message"]


def test_switches_can_be_set_for_a_while(sandbox: SandboxProcess, anyone: Api) -> None:
    with sandbox.switched(errors="503=1"):
        assert anyone.get("/data_sources").status_code == 503
    assert anyone.get("/data_sources").status_code == 200


def test_a_reset_brings_back_switches_and_records(sandbox: SandboxProcess, owner: Api, admin: Api) -> None:
    span = {"program": "trex", "platform": "gillam", "instrument_type": "RGB ASI"}
    owner.delete(
        "/data_sources/103/ephemeris", {**span, "start": "2020-01-01T00:00:00", "end": "2020-01-09T00:00:00"}
    )
    owner.post("/data_sources", EXAMPLE)
    sandbox.switch(errors="503=1")
    sandbox.reset()
    assert admin.get("/data_sources", program="example-program").json() == []
    assert admin.get("/data_sources/103", include_stats="true").json()["stats"]["ephemeris_count"] == 2880


def test_the_environment_sets_switches_too(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path, errors="418=1") as sandbox:
        assert Api(sandbox.url, {}).get("/data_sources").status_code == 418


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"ingest_delay": "soon"}, "SANDBOX_ variable cannot be used"),
        ({"port": "http"}, "Write a port from 1 to 65535"),
        ({"database_url": "mysql://secret@host/name"}, "sqlite:///var/sandbox.sqlite3"),
        ({"seed": "huge"}, "Write one of: full, small"),
    ],
)
def test_a_wrong_setting_stops_with_a_sentence(
    tmp_path: Path, setting: dict[str, object], message: str
) -> None:
    process = SandboxProcess(tmp_path, **setting)
    with pytest.raises(RuntimeError, match="did not start"):
        process.__enter__()
    assert message in process.log
    assert "Traceback" not in process.log
    assert "secret" not in process.log
