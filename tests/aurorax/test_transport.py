"""Sending: what is sent, what is sent again, and what every kind of answer becomes."""

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from pytest_django import Settings

from apps.aurorax import AuroraX, Credential, errors
from apps.aurorax.transport import connections
from tests.aurorax.conftest import API

LIST = f"{API}/api/v1/data_sources"
ONE = f"{LIST}/103"
NGINX = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>"
MAINTENANCE = "The API is in MAINTENANCE mode. This endpoint is currently offline."


def document(code: str, message: str) -> dict[str, str]:
    return {"error_code": code, "error_message": message}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, document("AssertionError", "start is not a date"), errors.InvalidRequest),
        (400, {"message": "start is not a date"}, errors.InvalidRequest),
        (400, "", errors.InvalidRequest),
        (400, NGINX, errors.InvalidRequest),
        (401, document("NotAuthenticated", "Unauthorized. Please authenticate."), errors.NotSignedIn),
        (401, NGINX, errors.NotSignedIn),
        (403, document("NotPermitted", "Only an Administrator may."), errors.NotPermitted),
        (403, "", errors.NotPermitted),
        (404, document("NotFound", "No Data Source record found"), errors.NotFound),
        (404, NGINX, errors.Unreadable),
        (404, {"detail": "some other application"}, errors.Unreadable),
        (405, "", errors.InvalidRequest),
        (408, "", errors.Unreachable),
        (409, document("Conflict", "existing data"), errors.Conflict),
        (413, NGINX, errors.InvalidRequest),
        (418, "", errors.InvalidRequest),
        (429, document("ToManyRequests", "slow down"), errors.TooManyRequests),
        (429, "", errors.TooManyRequests),
        (400, document("ToManyRequests", "slow down"), errors.TooManyRequests),
        (500, "Internal Server Error", errors.ServerError),
        (500, document("ApplicationError", "oh"), errors.ServerError),
        (502, NGINX, errors.ServerError),
        (503, document("Unavailable", MAINTENANCE), errors.Maintenance),
        (503, document("Unavailable", "Slow mode is currently not available."), errors.Maintenance),
        (503, document("Unavailable", "No database."), errors.ServerError),
        (503, NGINX, errors.ServerError),
        (504, NGINX, errors.ServerError),
        (599, "", errors.ServerError),
        (301, "", errors.Unreadable),
        (304, "", errors.Unreadable),
    ],
)
def test_every_bad_answer_is_one_error(
    api: responses.RequestsMock, caller: AuroraX, status: int, body: Any, kind: type[errors.AuroraXError]
) -> None:
    content = {"body": body} if isinstance(body, str) else {"json": body}
    api.get(ONE, status=status, **content)
    with pytest.raises(errors.AuroraXError) as caught:
        caller.sources.get(103)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert "<html>" not in caught.value.sentence


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", "application/json"),
        ('{"identifier": 103, "progr', "application/json"),
        (NGINX, "text/html"),
        ("OK", "text/plain"),
        (b"\xff\xfe\x00", "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ('{"identifier": "many"}', "application/json"),
        ('{"program": "trex"}', "application/json"),
        ('{"identifier": 103, "maintainers": 7}', "application/json"),
        ('{"identifier": 103, "ephemeris_metadata_schema": ["state"]}', "application/json"),
    ],
)
def test_a_success_that_cannot_be_read_is_an_error_too(
    api: responses.RequestsMock, caller: AuroraX, body: str | bytes, content_type: str
) -> None:
    api.get(ONE, body=body, content_type=content_type)
    with pytest.raises(errors.Unreadable):
        caller.sources.get(103)


@pytest.mark.parametrize("body", ['{"result": 7}', "[1, 2]", "{}", '"text"'])
def test_a_list_that_is_none_is_an_error_too(api: responses.RequestsMock, caller: AuroraX, body: str) -> None:
    api.get(LIST, body=body, content_type="application/json")
    with pytest.raises(errors.Unreadable):
        caller.sources.list()


@pytest.mark.parametrize("charset", ["", ";charset=utf-8", "; charset=UTF-8"])
def test_the_content_type_may_name_a_charset(
    api: responses.RequestsMock, caller: AuroraX, charset: str
) -> None:
    api.get(LIST, body="[]", content_type="application/json" + charset)
    assert caller.sources.list() == []


@pytest.mark.parametrize("key", ["error_message", "message"])
def test_messages_are_read_from_a_list_one_for_each_row(
    api: responses.RequestsMock, caller: AuroraX, key: str
) -> None:
    api.post(f"{ONE}/ephemeris", status=400, json=[{key: "row 1: no epoch"}, {key: "row 7: no epoch"}])
    with pytest.raises(errors.InvalidRequest) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.rows == ("row 1: no epoch", "row 7: no epoch")
    assert "row 7" in caught.value.sentence


def test_aurorax_is_quoted(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.delete(ONE, status=409, json=document("Conflict", "There is existing data, remove it first"))
    with pytest.raises(errors.Conflict) as caught:
        caller.sources.delete(103)
    assert caught.value.sentence.endswith("AuroraX says: There is existing data, remove it first")
    assert caught.value.code == "Conflict"


def test_an_endless_message_is_cut(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(ONE, status=400, json=document("Other", "x" * 100_000))
    with pytest.raises(errors.InvalidRequest) as caught:
        caller.sources.get(103)
    assert len(caught.value.sentence) < 1000


def test_reading_is_tried_again_with_growing_pauses(
    api: responses.RequestsMock, caller: AuroraX, pauses: list[float]
) -> None:
    for _ in range(3):
        api.get(LIST, status=502, body=NGINX)
    api.get(LIST, json=[])
    assert caller.sources.list() == []
    assert len(pauses) == 3
    assert all(0 <= pause <= most for pause, most in zip(pauses, [0.25, 0.5, 1.0], strict=True))


def test_after_four_attempts_the_last_error_is_told(api: responses.RequestsMock, caller: AuroraX) -> None:
    answers = api.get(LIST, status=500, body="Internal Server Error")
    with pytest.raises(errors.ServerError):
        caller.sources.list()
    assert answers.call_count == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_not_tried_again(
    api: responses.RequestsMock, caller: AuroraX, pauses: list[float], status: int
) -> None:
    answers = api.get(LIST, status=status, json=document("Other", "no"))
    with pytest.raises(errors.Refused):
        caller.sources.list()
    assert answers.call_count == 1
    assert pauses == []


def test_maintenance_is_not_waited_for(api: responses.RequestsMock, caller: AuroraX) -> None:
    answers = api.patch(ONE, status=503, json=document("Unavailable", MAINTENANCE))
    with pytest.raises(errors.Maintenance) as caught:
        caller.sources.update(103, {"display_name": "New"})
    assert answers.call_count == 1
    assert not caught.value.may_be_done


def test_retry_after_is_obeyed(api: responses.RequestsMock, caller: AuroraX, pauses: list[float]) -> None:
    api.get(LIST, status=429, headers={"Retry-After": "7"})
    api.get(LIST, json=[])
    caller.sources.list()
    assert pauses == [7.0]


def test_retry_after_may_be_a_date(api: responses.RequestsMock, caller: AuroraX, pauses: list[float]) -> None:
    in_five_seconds = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
    api.get(LIST, status=503, headers={"Retry-After": in_five_seconds})
    api.get(LIST, json=[])
    caller.sources.list()
    assert 3 < pauses[0] <= 5


@pytest.mark.parametrize("header", ["soon", "", "-3"])
def test_a_retry_after_that_says_nothing_is_ignored(
    api: responses.RequestsMock, caller: AuroraX, pauses: list[float], header: str
) -> None:
    api.get(LIST, status=429, headers={"Retry-After": header})
    api.get(LIST, json=[])
    caller.sources.list()
    assert pauses[0] <= 0.25


def test_a_long_pause_is_reported_instead_of_waited_for(
    api: responses.RequestsMock, caller: AuroraX, pauses: list[float]
) -> None:
    api.post(f"{ONE}/ephemeris", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(errors.TooManyRequests) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.retry_after == 3600
    assert pauses == []


def test_a_refused_pause_does_not_count_as_work_done(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.post(LIST, status=429, headers={"Retry-After": "1"})
    api.post(LIST, json={"identifier": 5})
    assert caller.sources.create({"program": "p"}).identifier == 5


@pytest.mark.parametrize("error", [requests.ReadTimeout("cut"), requests.ConnectionError("reset by peer")])
def test_a_lost_answer_to_a_write_says_that_it_may_be_done(
    api: responses.RequestsMock, caller: AuroraX, error: requests.RequestException
) -> None:
    answers = api.post(f"{ONE}/ephemeris", body=error)
    with pytest.raises(errors.Unreachable) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.may_be_done
    assert answers.call_count == 4


def test_what_may_be_done_stays_so_whatever_comes_after(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.patch(ONE, body=requests.ReadTimeout("no answer"))
    api.patch(ONE, status=503, json=document("Unavailable", MAINTENANCE))
    with pytest.raises(errors.Maintenance) as caught:
        caller.sources.update(103, {"display_name": "New"})
    assert caught.value.may_be_done


def test_a_lost_answer_to_a_reading_says_nothing_of_the_kind(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.get(LIST, body=requests.ReadTimeout("no answer"))
    with pytest.raises(errors.Unreachable) as caught:
        caller.sources.list()
    assert not caught.value.may_be_done


def test_a_success_in_html_may_or_may_not_be_done(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.post(f"{ONE}/ephemeris", status=200, body=NGINX, content_type="text/html")
    with pytest.raises(errors.Unreadable) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.may_be_done


def test_a_redirect_is_not_followed(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, status=302, headers={"Location": "http://elsewhere.test/api/v1/data_sources"})
    with pytest.raises(errors.Unreadable):
        caller.sources.list()
    assert {call.request.url.split("/")[2] for call in api.calls if call.request.url} == {"aurorax.test"}


def test_cookies_are_not_kept(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, json=[], headers={"Set-Cookie": "session=someone; Path=/"})
    caller.sources.list()
    caller.sources.list()
    assert "Cookie" not in api.calls[1].request.headers
    assert len(connections().cookies) == 0


def test_a_netrc_of_the_operator_is_not_sent(
    api: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine aurorax.test login operator password operators-own\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    api.get(LIST, json=[])
    AuroraX(base_url=API).sources.list()
    AuroraX(Credential("api_key", "a-key-for-tests"), API).sources.list()
    assert all("Authorization" not in call.request.headers for call in api.calls)


def test_each_kind_of_credential_has_its_header(api: responses.RequestsMock) -> None:
    api.get(LIST, json=[])
    AuroraX(Credential("api_key", "a-key"), API).sources.list()
    AuroraX(Credential("access_token", "Bearer a-token"), API).sources.list()
    AuroraX(base_url=API).sources.list()
    key, token, nobody = (call.request.headers for call in api.calls)
    assert (key["x-aurorax-api-key"], "Authorization" in key) == ("a-key", False)
    assert (token["Authorization"], "x-aurorax-api-key" in token) == ("Bearer a-token", False)
    assert "Authorization" not in nobody
    assert "x-aurorax-api-key" not in nobody


@pytest.mark.parametrize("secret", ["", "  ", "two\nlines", "schlüssel", "a\x00b"])
def test_a_secret_that_no_header_can_carry_asks_to_sign_in(secret: str) -> None:
    with pytest.raises(errors.NotSignedIn, match="Copy it again"):
        AuroraX(Credential("api_key", secret), API).sources.list()


def test_a_credential_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="neither"):
        Credential("password", "secret")


@pytest.mark.parametrize("base_url", [API, API + "/", API + "//"])
def test_a_slash_at_the_end_of_the_address_is_not_doubled(api: responses.RequestsMock, base_url: str) -> None:
    api.get(LIST, json=[])
    AuroraX(base_url=base_url).sources.list()
    assert "test/api/v1" in (api.calls[0].request.url or "")


def test_the_address_comes_from_the_settings(api: responses.RequestsMock, settings: Settings) -> None:
    settings.AURORAX_API_URL = "http://another.test"
    api.get("http://another.test/api/v1/data_sources", json=[])
    assert AuroraX().sources.list() == []
    assert AuroraX().base_url == "http://another.test"


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(errors.Unreachable, match="AURORAX_API_URL"):
        AuroraX(base_url="aurorax").sources.list()


def test_the_timeouts_come_from_the_settings(
    api: responses.RequestsMock, caller: AuroraX, settings: Settings
) -> None:
    settings.AURORAX_CONNECT_TIMEOUT, settings.AURORAX_READ_TIMEOUT = 2, 9
    api.get(LIST, json=[], match=[responses.matchers.request_kwargs_matcher({"timeout": (2, 9)})])
    assert caller.sources.list() == []


def test_a_forked_worker_opens_connections_of_its_own() -> None:
    before = connections()
    child = os.fork()
    if child == 0:
        os._exit(0 if connections() is not before else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert connections() is before
