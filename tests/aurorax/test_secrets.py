"""Secrets go into one header and nowhere else: no log, no repr, no exception, no error report."""

import http.client
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import responses
from django.views.debug import ExceptionReporter

from apps.aurorax import AuroraX, AuroraXCredential, DataSource, errors, sign_in
from tests.aurorax.conftest import API
from tests.aurorax.misbehaving import misbehaving

API_KEY = "3a1b7c9d-key-of-somebody:5e8f-do-not-tell"
TOKEN = "Bearer token-of-somebody-do-not-tell"
PASSWORD = "password-of-somebody-do-not-tell"
SECRETS = ("do-not-tell", "of-somebody")
ANYTHING = re.compile(f"{API}/.*")
START = datetime(2020, 1, 1, tzinfo=UTC)

Operation = Callable[[AuroraX, DataSource], object]

OPERATIONS: dict[str, Operation] = {
    "list": lambda caller, source: caller.sources.list(),
    "get": lambda caller, source: caller.sources.get(source.identifier),
    "create": lambda caller, source: caller.sources.create(source.to_api()),
    "update": lambda caller, source: caller.sources.update(source.identifier, {"display_name": "x"}),
    "replace": lambda caller, source: caller.sources.replace(source.identifier, source.to_api()),
    "delete": lambda caller, source: caller.sources.delete(source.identifier),
    "upload": lambda caller, source: caller.ephemeris.upload(source.identifier, b"[]"),
    "search": lambda caller, source: list(caller.ephemeris.search(source, START, START)),
    "search products": lambda caller, source: list(caller.products.search(source, START, START)),
    "delete ephemeris": lambda caller, source: caller.ephemeris.delete(source, START, START),
    "delete products": lambda caller, source: caller.products.delete(source, ["a"]),
    "delete jobs": lambda caller, source: caller.ephemeris.delete_jobs(source.identifier),
    "availability": lambda caller, source: caller.availability.ephemeris(
        start=START.date(), end=START.date()
    ),
    "accounts": lambda caller, source: caller.accounts.list(),
    "searches": lambda caller, source: caller.searches.list(),
    "delete search": lambda caller, source: caller.searches.delete("a"),
    "end session": lambda caller, source: caller.end_session(),
}


def told(error: BaseException) -> str:
    """Everything that could be told of an error: its chain, and every local variable in Django's error report."""
    chain = [error]
    while (earlier := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(earlier)
    frames = ExceptionReporter(None, type(error), error, error.__traceback__).get_traceback_frames()
    variables = [frame["vars"] for frame in frames if "/tests/" not in frame["filename"]]
    assert variables
    return f"{variables} {[(repr(link), str(link), vars(link)) for link in chain]}"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger at debug level."""
    caplog.set_level(logging.DEBUG)
    for name in ("apps.aurorax", "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def no_secret_in(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "credential", [AuroraXCredential("api_key", API_KEY), AuroraXCredential("access_token", TOKEN)]
)
@pytest.mark.parametrize("status", [401, 403, 500])
def test_no_operation_tells_a_secret_even_if_aurorax_repeats_it(
    operation: str,
    credential: AuroraXCredential,
    status: int,
    source: DataSource,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    caller = AuroraX(credential, API)
    bare = credential.secret.removeprefix("Bearer ")
    repeated = {"error_code": "Other", "error_message": f"I do not know {credential.secret}, nor {bare}."}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            api.add(method, url=ANYTHING, status=status, json=repeated)
        with pytest.raises(errors.AuroraXError) as caught:
            OPERATIONS[operation](caller, source)
        assert credential.secret in str(api.calls[0].request.headers)
    assert "(hidden)" in caught.value.error_message
    assert no_secret_in(told(caught.value))
    assert no_secret_in(everything_logged.text)
    assert no_secret_in(repr(caller) + repr(credential) + str(credential))


def test_a_connection_that_breaks_tells_no_secret(
    source: DataSource, everything_logged: pytest.LogCaptureFixture
) -> None:
    with misbehaving(b"", b"", b"", b"") as server, pytest.raises(errors.Unreachable) as caught:
        AuroraX(AuroraXCredential("api_key", API_KEY), server.url).sources.list()
    assert all(API_KEY.encode() in request for request in server.requests)
    assert no_secret_in(told(caught.value))
    assert no_secret_in(everything_logged.text)


@pytest.mark.parametrize("secret", [API_KEY + "\nx", API_KEY + "é"])
def test_a_secret_no_header_can_carry_is_not_told_either(secret: str) -> None:
    with pytest.raises(errors.NotSignedIn) as caught:
        AuroraX(AuroraXCredential("api_key", secret), API).sources.list()
    assert no_secret_in(told(caught.value))


@pytest.mark.parametrize("status", [401, 500, 200])
def test_a_password_is_told_nowhere(status: int, everything_logged: pytest.LogCaptureFixture) -> None:
    with responses.RequestsMock() as api:
        api.post(f"{API}/api/v1/authenticate", status=status, json={"error_message": "no"})
        with pytest.raises(errors.AuroraXError) as caught:
            sign_in("owner@example.org", PASSWORD, API)
    assert no_secret_in(told(caught.value))
    assert no_secret_in(everything_logged.text)


def test_a_password_is_not_told_when_the_connection_breaks(
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    with misbehaving(b"", b"", b"", b"") as server, pytest.raises(errors.Unreachable) as caught:
        sign_in("owner@example.org", PASSWORD, server.url)
    assert no_secret_in(told(caught.value))
    assert no_secret_in(everything_logged.text)


def test_nobody_left_the_wire_log_of_http_client_on() -> None:
    assert http.client.HTTPConnection.debuglevel == 0
