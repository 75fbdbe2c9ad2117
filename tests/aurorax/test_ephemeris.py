"""Ephemeris records, at the client's edge."""

import gc
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
import requests
import responses
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location, errors
from apps.aurorax.records.rows import EphemerisRow
from tests.aurorax.asked import sent
from tests.aurorax.conftest import API

EPHEMERIS = f"{API}/api/v1/ephemeris"
SYNCHRONOUS = f"{EPHEMERIS}/search_synchronous"
UPLOAD = f"{API}/api/v1/data_sources/103/ephemeris"
REQUEST_ID = "8f2a6f0e-2f7d-4a53-9d62-0c9b8f6f1c11"
REQUEST = f"{EPHEMERIS}/requests/{REQUEST_ID}"
START = datetime(2020, 1, 1, tzinfo=UTC)
ONE_MINUTE = timedelta(minutes=1)
RUNNING: dict[str, Any] = dict.fromkeys(("data_uri", "completed_timestamp", "error_condition", "file_size"))


def row(minute: int, identifier: int = 103) -> dict[str, Any]:
    epoch = START + minute * ONE_MINUTE
    return {
        "data_source": {"identifier": identifier},
        "epoch": epoch.strftime("%Y-%m-%dT%H:%M:%S"),
        "location_geo": {"lat": 56.3, "lon": -94.6},
        "location_gsm": {"lat": None, "lon": None},
        "nbtrace": {"lat": 56.3, "lon": -94.6},
        "sbtrace": {},
        "metadata": None,
    }


def status(**result: Any) -> dict[str, Any]:
    return {"search_request": {}, "logs": [{"summary": "Out of memory."}], "search_result": RUNNING | result}


def accepted(api: responses.RequestsMock, host: str = "http://elsewhere.test:3000") -> None:
    location = f"{host}/api/v1/ephemeris/requests/{REQUEST_ID}"
    api.post(f"{EPHEMERIS}/search", status=202, headers={"Location": location})


def test_records_are_uploaded_with_the_key_of_their_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(UPLOAD, status=202)
    caller.ephemeris.upload(103, [EphemerisRecord(START, Location(56.3, -94.6))], source=source)
    nowhere = {"lat": None, "lon": None}
    assert sent(api) == [
        {
            "program": "trex",
            "platform": "gillam",
            "instrument_type": "RGB ASI",
            "epoch": "2020-01-01T00:00:00",
            "location_geo": {"lat": 56.3, "lon": -94.6},
            "location_gsm": nowhere,
            "nbtrace": nowhere,
            "sbtrace": nowhere,
            "metadata": None,
        }
    ]


def test_not_a_number_is_sent_as_null(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(UPLOAD, status=202)
    record = EphemerisRecord(START, Location(float("nan"), float("inf")), metadata={"speed": float("nan")})
    caller.ephemeris.upload(103, [record], source=source)
    assert sent(api)[0]["location_geo"] == {"lat": None, "lon": None}
    assert sent(api)[0]["metadata"] == {"speed": None}


def test_a_ready_array_is_sent_byte_for_byte(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.post(UPLOAD, status=202)
    caller.ephemeris.upload(103, b'[{"epoch": "2020-01-01T00:00:00" }]')
    assert api.calls[0].request.body == b'[{"epoch": "2020-01-01T00:00:00" }]'
    assert api.calls[0].request.headers["Content-Type"] == "application/json"


def test_records_without_their_source_are_not_uploaded(caller: AuroraX) -> None:
    with pytest.raises(ValueError, match="data source"):
        caller.ephemeris.upload(103, [EphemerisRecord(START)])


def test_an_upload_whose_answer_is_lost_is_sent_again(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.post(UPLOAD, body=requests.ReadTimeout("no answer"))
    api.post(UPLOAD, status=202)
    caller.ephemeris.upload(103, b"[]")
    assert len(api.calls) == 2


def test_two_days_are_searched_at_once_for_exactly_one_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(SYNCHRONOUS, json=[row(1), row(0), row(0, identifier=9)])
    found = list(caller.ephemeris.search(source, START, START + timedelta(days=2)))
    assert [record.epoch for record in found] == [START, START + ONE_MINUTE]
    assert found[0].location_geo == Location(56.3, -94.6)
    assert found[0].sbtrace.is_empty
    assert sent(api) == {
        "query": {
            "data_sources": {
                "programs": ["trex"],
                "platforms": ["gillam"],
                "instrument_types": ["RGB ASI"],
            },
            "start": "2020-01-01T00:00:00",
            "end": "2020-01-03T00:00:00",
        }
    }


def test_a_part_of_what_is_found_can_be_looked_at_alone(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.post(SYNCHRONOUS, json=[row(2), row(1), row(0), {"epoch": "2020-01-01T05:00:00", "nbtrace": "far"}])
    found = caller.ephemeris.found(source, START, START + timedelta(days=1))
    assert len(found) == 4
    assert [record.epoch for record in found[1:3]] == [START + ONE_MINUTE, START + 2 * ONE_MINUTE]
    assert found[0].location_geo == Location(56.3, -94.6)
    with pytest.raises(errors.UnreadableAnswer):
        _ = found[3]


def test_a_longer_search_is_handed_in_waited_for_and_fetched(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, pauses: list[float]
) -> None:
    accepted(api)
    api.get(REQUEST, json=status())
    api.get(REQUEST, json=status())
    api.get(REQUEST, json=status(data_uri=f"/api/v1/ephemeris/requests/{REQUEST_ID}/data"))
    api.get(f"{REQUEST}/data", json={"result": [row(0), row(1)]})
    found = list(caller.ephemeris.search(source, START, START + timedelta(days=20)))
    assert [record.epoch for record in found] == [START, START + ONE_MINUTE]
    assert sent(api)["end"] == "2020-01-21T00:00:00"
    assert pauses == pytest.approx([0.1, 0.2])


def test_the_end_of_a_search_is_looked_for_when_the_one_before_had_ended(
    api: responses.RequestsMock,
    caller: AuroraX,
    source: DataSource,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.aurorax.searching.monotonic", count(step=2).__next__)
    accepted(api)
    times = {"requested": "2024-11-01T00:00:00.25", "completed_timestamp": "2024-11-01T00:00:01.75"}
    done = status(data_uri="/data", completed_timestamp=times["completed_timestamp"])
    looks = api.get(REQUEST, json=done | {"search_request": {"requested": times["requested"]}})
    api.get(f"{REQUEST}/data", json=[])
    for days in (20, 21):
        list(caller.ephemeris.search(source, START, START + timedelta(days=days)))
    assert pauses == pytest.approx([1.5])
    list(caller.ephemeris.search(source, START, START + timedelta(days=3)))
    assert pauses == pytest.approx([1.5])  # nothing is known of short ones
    assert looks.call_count == 3


def test_a_search_that_nobody_wants_any_more_is_given_up(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    stop = Event()
    accepted(api)
    api.get(REQUEST, json=status())
    cancelled = api.delete(REQUEST, json={})
    stop.set()
    with pytest.raises(errors.SearchFailed, match="Nobody waits"):
        list(caller.stopped_by(stop).ephemeris.search(source, START, START + timedelta(days=20)))
    assert cancelled.call_count == 1
    assert api.calls[0].request.headers["x-aurorax-api-key"] == "a-key-for-tests"


def test_the_host_of_a_search_location_is_never_asked(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    accepted(api, host="https://evil.test")
    api.get(REQUEST, json=status(completed_timestamp="2024-11-01T00:00:00.3"))
    api.get(f"{REQUEST}/data", json=[])
    list(caller.ephemeris.search(source, START, START + timedelta(days=20)))
    assert all((call.request.url or "").startswith(API) for call in api.calls)


@pytest.mark.parametrize(
    "location", ["", "/api/v1/ephemeris/requests/", "/requests/../../accounts", "/requests/a?b=c"]
)
def test_a_location_without_a_request_id_is_an_error(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, location: str
) -> None:
    api.post(f"{EPHEMERIS}/search", status=202, headers={"Location": location})
    with pytest.raises(errors.UnreadableAnswer, match="without saying where"):
        list(caller.ephemeris.search(source, START, START + timedelta(days=20)))


def test_a_failed_search_quotes_its_last_log_line(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    accepted(api)
    api.get(REQUEST, json=status(error_condition=True))
    with pytest.raises(errors.SearchFailed, match=r"AuroraX says: Out of memory\."):
        list(caller.ephemeris.search(source, START, START + timedelta(days=20)))


@pytest.mark.parametrize(
    "expired",
    [
        {"status": 404, "json": {"error_code": "NotFound", "error_message": "gone"}},
        {"status": 200, "json": {"error": {"error_code": "NotFound", "error_message": "gone"}}},
        {"status": 202, "json": {"error": {"error_code": "NotFound", "error_message": "gone"}}},
    ],
)
def test_a_result_that_is_gone_is_told_in_either_shape(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, expired: dict[str, Any]
) -> None:
    accepted(api)
    api.get(REQUEST, json=status(data_uri="/data"))
    api.get(f"{REQUEST}/data", **expired)
    with pytest.raises(errors.SearchFailed, match="no longer has the result"):
        list(caller.ephemeris.search(source, START, START + timedelta(days=20)))


def test_a_search_that_is_gone_is_told(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    accepted(api)
    api.get(REQUEST, status=404, json={"error_code": "NotFound"})
    with pytest.raises(errors.SearchFailed):
        list(caller.ephemeris.search(source, START, START + timedelta(days=20)))


@pytest.mark.parametrize("cancelled", [200, 404])
def test_a_search_that_takes_too_long_is_cancelled(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, settings: Settings, cancelled: int
) -> None:
    settings.AURORAX_SEARCH_TIMEOUT = 0
    accepted(api)
    api.get(REQUEST, json=status())
    api.delete(REQUEST, status=cancelled, json={"error_code": "Nil"})
    with pytest.raises(errors.SearchFailed, match="shorter time range"):
        list(caller.ephemeris.search(source, START, START + timedelta(days=20)))


@pytest.fixture
def months_of_minutes(api: responses.RequestsMock) -> list[dict[str, Any]]:
    """Every search answers with 44,640 records, a month of minutes; the queries that came."""
    queries: list[dict[str, Any]] = []
    month = json.dumps({"result": [row(minute) for minute in range(44_640)]})

    def take(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        queries.append(json.loads(request.body or "null"))
        return 202, {"Location": f"/api/v1/ephemeris/requests/{REQUEST_ID}"}, ""

    api.add_callback("POST", f"{EPHEMERIS}/search", callback=take)
    api.get(REQUEST, json=status(data_uri="/data"))
    api.get(f"{REQUEST}/data", body=month, content_type="application/json")
    return queries


def test_a_long_search_is_read_a_month_at_a_time(
    months_of_minutes: list[dict[str, Any]], caller: AuroraX, source: DataSource
) -> None:
    records = caller.ephemeris.search(source, START, datetime(2020, 3, 15, 23, 59, tzinfo=UTC))
    next(records)
    assert len(months_of_minutes) == 1
    assert sum(1 for _ in records) == 3 * 44_640 - 1
    assert [(query["start"], query["end"]) for query in months_of_minutes] == [
        ("2020-01-01T00:00:00", "2020-01-31T23:59:59"),
        ("2020-02-01T00:00:00", "2020-02-29T23:59:59"),
        ("2020-03-01T00:00:00", "2020-03-15T23:59:00"),
    ]


def test_a_year_of_minutes_never_holds_more_than_one_window(
    months_of_minutes: list[dict[str, Any]], caller: AuroraX, source: DataSource
) -> None:
    def rows_held() -> int:
        lists = (thing for thing in gc.get_objects() if type(thing) is list and thing)
        return sum(len(rows) for rows in lists if type(rows[0]) is EphemerisRow)

    most = 0
    for number, _ in enumerate(caller.ephemeris.search(source, START, datetime(2020, 12, 31, tzinfo=UTC))):
        if number % 44_640 == 20_000:
            most = max(most, rows_held())
    assert number == 12 * 44_640 - 1
    assert 44_000 < most < 45_000


def test_times_without_zone_are_not_searched(caller: AuroraX, source: DataSource) -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        list(caller.ephemeris.search(source, naive, naive))


def test_a_delete_repeats_the_key_of_the_source(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource
) -> None:
    api.delete(UPLOAD, status=202)
    caller.ephemeris.delete(source, START, START + ONE_MINUTE)
    assert sent(api) == {
        "program": "trex",
        "platform": "gillam",
        "instrument_type": "RGB ASI",
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T00:01:00",
    }


Deletion = Callable[[AuroraX, DataSource], None]


@pytest.mark.parametrize(
    ("kind", "delete"),
    [
        ("ephemeris", lambda caller, source: caller.ephemeris.delete(source, START, START)),
        ("data_products", lambda caller, source: caller.products.delete(source, ["a.jpg"])),
    ],
)
def test_a_delete_whose_answer_is_lost_is_not_sent_again(
    api: responses.RequestsMock, caller: AuroraX, source: DataSource, kind: str, delete: Deletion
) -> None:
    answers = api.delete(f"{API}/api/v1/data_sources/103/{kind}", body=requests.ReadTimeout("no answer"))
    with pytest.raises(errors.Unreachable) as caught:
        delete(caller, source)
    assert answers.call_count == 1
    assert caught.value.outcome_unknown


def test_delete_jobs_are_listed(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(f"{UPLOAD}/delete_jobs", json=["job-1"])
    assert caller.ephemeris.delete_jobs(103) == ["job-1"]


def test_delete_jobs_that_are_no_list_are_an_error(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(f"{UPLOAD}/delete_jobs", json={"jobs": 1})
    with pytest.raises(errors.UnreadableAnswer):
        caller.ephemeris.delete_jobs(103)
