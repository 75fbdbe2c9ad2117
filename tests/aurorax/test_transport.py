"""Sending: what is sent, and what is sent again."""

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
import responses
from pytest_django import Settings

from apps.aurorax import AuroraX, AuroraXCredential, errors
from apps.aurorax.transport import connections
from tests.aurorax.conftest import API

LIST = f"{API}/api/v1/data_sources"
ONE = f"{LIST}/103"
NGINX = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>"
MAINTENANCE = "The API is in MAINTENANCE mode. This endpoint is currently offline."


def document(code: str, message: str) -> dict[str, str]:
    return {"error_code": code, "error_message": message}


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
    assert not caught.value.outcome_unknown


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
    assert caught.value.outcome_unknown
    assert answers.call_count == 4


def test_what_may_be_done_stays_so_whatever_comes_after(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.patch(ONE, body=requests.ReadTimeout("no answer"))
    api.patch(ONE, status=503, json=document("Unavailable", MAINTENANCE))
    with pytest.raises(errors.Maintenance) as caught:
        caller.sources.update(103, {"display_name": "New"})
    assert caught.value.outcome_unknown


def test_a_lost_answer_to_a_reading_says_nothing_of_the_kind(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.get(LIST, body=requests.ReadTimeout("no answer"))
    with pytest.raises(errors.Unreachable) as caught:
        caller.sources.list()
    assert not caught.value.outcome_unknown


def test_a_success_in_html_may_or_may_not_be_done(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.post(f"{ONE}/ephemeris", status=200, body=NGINX, content_type="text/html")
    with pytest.raises(errors.UnreadableAnswer) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.outcome_unknown


def test_a_redirect_is_not_followed(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, status=302, headers={"Location": "http://elsewhere.test/api/v1/data_sources"})
    with pytest.raises(errors.UnreadableAnswer):
        caller.sources.list()
    assert {call.request.url.split("/")[2] for call in api.calls if call.request.url} == {"aurorax.test"}


def test_cookies_are_not_kept(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, json=[], headers={"Set-Cookie": "session=someone; Path=/"})
    caller.sources.list()
    caller.sources.list()
    assert "Cookie" not in api.calls[1].request.headers
    assert len(connections(API).cookies) == 0


def test_a_netrc_of_the_operator_is_not_sent(
    api: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine aurorax.test login operator password operators-own\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    api.get(LIST, json=[])
    AuroraX(base_url=API).sources.list()
    AuroraX(AuroraXCredential("api_key", "a-key-for-tests"), API).sources.list()
    assert all("Authorization" not in call.request.headers for call in api.calls)


def test_proxy_and_certificates_come_from_the_environment(
    api: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "inside.test")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/institute.pem")
    for host in ("outside.test", "inside.test"):
        api.get(f"https://{host}/api/v1/data_sources", json=[])
        AuroraX(base_url=f"https://{host}").sources.list()
    outside, inside = (call.request.req_kwargs for call in api.calls)  # type: ignore[attr-defined]
    assert outside["proxies"]["https"] == "http://proxy.test:3128"
    assert outside["verify"] == inside["verify"] == "/etc/institute.pem"
    assert "https" not in inside["proxies"]


def test_each_kind_of_credential_has_its_header(api: responses.RequestsMock) -> None:
    api.get(LIST, json=[])
    AuroraX(AuroraXCredential("api_key", "a-key"), API).sources.list()
    AuroraX(AuroraXCredential("access_token", "Bearer a-token"), API).sources.list()
    AuroraX(base_url=API).sources.list()
    key, token, nobody = (call.request.headers for call in api.calls)
    assert (key["x-aurorax-api-key"], "Authorization" in key) == ("a-key", False)
    assert (token["Authorization"], "x-aurorax-api-key" in token) == ("Bearer a-token", False)
    assert "Authorization" not in nobody
    assert "x-aurorax-api-key" not in nobody


@pytest.mark.parametrize("secret", ["", "  ", "two\nlines", "schlüssel", "a\x00b"])
def test_a_secret_that_no_header_can_carry_asks_to_sign_in(secret: str) -> None:
    with pytest.raises(errors.NotSignedIn, match="Copy it again"):
        AuroraX(AuroraXCredential("api_key", secret), API).sources.list()


def test_a_credential_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="neither"):
        AuroraXCredential("password", "secret")


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
    before = connections(API)
    child = os.fork()
    if child == 0:
        os._exit(0 if connections(API) is not before else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert connections(API) is before
