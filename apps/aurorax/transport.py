"""The one module that sends.

Connections are pooled for the whole process; everything that belongs to a person (the credential) is put on the single
request and nowhere else. Redirects are not followed, cookies not kept, `.netrc` not read: a credential goes to the
configured address or nowhere.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from enum import Enum
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import msgspec
import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from requests.utils import get_environ_proxies
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_after_delay
from tenacity.wait import wait_random_exponential
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError, SSLError

from apps.aurorax import answers, errors
from apps.aurorax.credential import AuroraXCredential
from apps.aurorax.metrics import measured

logger = logging.getLogger(__name__)

USER_AGENT = "aurorax-provider-portal"
ATTEMPTS = 4
PATIENCE = 30.0  # seconds after which no further attempt begins: somebody may be waiting for a page
LONGEST_PAUSE = 10.0  # seconds; who asks for a longer pause (`Retry-After`) is not waited for but reported
BACK_OFF = wait_random_exponential(multiplier=0.25, max=4)  # seconds, with jitter
CONNECTIONS = 32  # kept open at most, for all threads of the process together


class Effect(Enum):
    """What a request does to AuroraX, and so whether it may be sent again when the answer was lost."""

    READ = "reads only"
    IDEMPOTENT = "writes; sent twice it leaves what sending it once leaves"
    NOT_IDEMPOTENT = "writes; must not be sent again unless it certainly was not carried out"


class PersonalHeaders(AuthBase):
    """Puts one person's credential, if there is one, on one request."""

    def __init__(self, credential: AuroraXCredential | None) -> None:
        self._credential = credential

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Called by requests while it prepares the request."""
        if self._credential:
            request.headers.update(self._credential.headers())
        return request


@cache
def connections(base_url: str) -> requests.Session:
    """The process's pooled connections to one AuroraX: no credential, no cookies, no retries of its own.

    A proxy and certificates are taken from the environment, under the names requests knows. Left to itself requests looks
    for them, and for a `.netrc`, at every request: a quarter of all the time it takes.
    """
    session = requests.Session()
    session.trust_env = False
    session.proxies.update(get_environ_proxies(base_url))
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=CONNECTIONS, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


# A forked worker must not share sockets with its parent.
os.register_at_fork(after_in_child=connections.cache_clear)


@dataclass(frozen=True)
class Transport:
    """Sends requests to one AuroraX for one person (or, without a credential, for nobody)."""

    base_url: str
    credential: AuroraXCredential | None = None
    stop: threading.Event | None = None  # once set, nobody waits for searches any more

    def answers_within(self, seconds: float) -> bool:
        """Whether anything at all answers there, asked once and without a credential."""
        try:
            connections(self.base_url).get(
                self.base_url, timeout=(seconds, seconds), allow_redirects=False, stream=True
            ).close()
        except requests.RequestException:
            return False
        return True

    def get(self, path: str, params: dict[str, Any] | None = None) -> requests.Response:
        """GET. Raises `errors.AuroraXError`, as all methods here do."""
        return self.send("GET", path, Effect.READ, params=params)

    @sensitive_variables("json", "body", "content")
    def send(
        self,
        method: str,
        path: str,
        effect: Effect,
        *,
        params: dict[str, Any] | None = None,
        json: Any = None,
        body: bytes | None = None,
    ) -> requests.Response:
        """Send, and send again with growing pauses while that is harmless and may help; answer the success.

        `json` is encoded (NaN becomes null), `body` sent as it is. Parameters that are None are left out. Raises
        `errors.AuroraXError` for any status of 400 or more, for redirects and for HTML.
        """
        content = msgspec.json.encode(json) if json is not None else body
        query = {name: _as_text(value) for name, value in (params or {}).items() if value is not None}
        outcome_unknown = False
        for attempt in Retrying(
            retry=retry_if_exception(lambda error: _worth_repeating(error, effect)),
            wait=_pause_before_next,
            stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(PATIENCE),
            sleep=_sleep,
            reraise=True,
        ):
            with attempt:
                try:
                    return self._send_once(method, path, query, content)
                except errors.AuroraXError as error:
                    outcome_unknown = effect is not Effect.READ and (outcome_unknown or error.outcome_unknown)
                    error.outcome_unknown = outcome_unknown
                    raise
        raise AssertionError("tenacity either returns an answer or raises")  # pragma: no cover

    @sensitive_variables("content")
    def _send_once(
        self, method: str, path: str, query: dict[str, str], content: bytes | None
    ) -> requests.Response:
        with measured(method):
            response = self.ask(method, path, query, content)
            answers.check_success(response, self.credential)
        return response

    @sensitive_variables("content")
    def ask(
        self, method: str, path: str, query: dict[str, str] | None = None, content: bytes | None = None
    ) -> requests.Response:
        """One request, and its answer as it comes, errors included. Raises only `errors.Unreachable`."""
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        headers |= {} if content is None else {"Content-Type": "application/json"}
        try:
            response = connections(self.base_url).request(
                method,
                self.base_url + path,
                params=query,
                data=content,
                headers=headers,
                auth=PersonalHeaders(self.credential),
                timeout=_timeouts(),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            problem = _no_answer(error)
        else:
            logger.debug("%s %s: %s after %s", method, path, response.status_code, response.elapsed)
            return response
        # Raised out here so that it does not carry the requests exception, which holds the headers that were sent.
        logger.debug("%s %s: %s", method, path, type(problem).__name__)
        raise problem


def _no_answer(error: requests.RequestException) -> errors.AuroraXError:
    if isinstance(error, InvalidURL | InvalidSchema | MissingSchema):
        return errors.Unreachable("The address of AuroraX is not one: check AURORAX_API_URL.")
    return errors.Unreachable(outcome_unknown=not _never_connected(error))


def _never_connected(error: requests.RequestException) -> bool:
    """Whether the request certainly did not reach the server: requests wraps what urllib3 met before sending."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, ConnectTimeoutError | NewConnectionError | ProxyError | SSLError)


def _worth_repeating(error: BaseException, effect: Effect) -> bool:
    if not isinstance(error, errors.TryAgain) or isinstance(error, errors.Maintenance | errors.SearchFailed):
        return False
    if effect is Effect.NOT_IDEMPOTENT and error.outcome_unknown:
        return False
    return error.retry_after is None or error.retry_after <= LONGEST_PAUSE


def _pause_before_next(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after if isinstance(error, errors.TryAgain) else None
    return BACK_OFF(state) if asked_for is None else asked_for


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _timeouts() -> tuple[float, float]:
    """Seconds to connect, and to wait for the next bytes."""
    return (
        getattr(settings, "AURORAX_CONNECT_TIMEOUT", 5),
        getattr(settings, "AURORAX_READ_TIMEOUT", 60),
    )


def _as_text(value: object) -> str:
    """A query value; AuroraX reads booleans as `true` and `false`."""
    return str(value).lower() if isinstance(value, bool) else str(value)
