"""Asking the portal. What can be asked again is asked again while it does not answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.auth import AuthBase

from aurorax_portal import VERSION
from aurorax_portal.exits import REFUSED, UNAVAILABLE, Ended
from aurorax_portal.settings import Settings

TIMEOUT = (10, 300)  # seconds: to connect, and for an answer
AGAIN = (429, 502, 503, 504)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds
BUSY = "urn:aurorax-portal:problem:busy"
NO_ANSWER = "The portal at {url} does not answer: {error}. Run the same command again later; nothing will be there twice."
TOO_MANY = 429


class Refusal(Exception):
    """The portal said no. `slug` says what it is about, `detail` is a sentence for people."""

    def __init__(self, answer: requests.Response) -> None:
        body = _json(answer)
        self.status = answer.status_code
        self.slug = str(body.get("type", "")).rpartition(":")[2]
        self.detail = str(
            body.get("detail") or body.get("title") or f"The portal answered {answer.status_code}."
        )
        self.body = body
        super().__init__(self.detail)

    @property
    def is_for_later(self) -> bool:
        """Whether the same may work later."""
        return self.status in AGAIN


class TokenAuth(AuthBase):
    """The token, and not what a file `.netrc` has for this host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put it on the request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """The portal at one address. `patience` is for how many seconds it may not answer."""

    def __init__(
        self, settings: Settings, *, patience: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url, self._patience, self._sleep = settings.url, patience, sleep
        self._session = requests.Session()
        self._session.auth = TokenAuth(settings.token)
        self._session.headers["User-Agent"] = f"aurorax-portal/{VERSION}"

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """What is there."""
        return _json(self.ask("GET", path, params={name: value for name, value in query.items() if value}))

    def post(self, path: str, body: object = None) -> dict[str, Any]:
        """Do it, and learn what became of it. Everything that is posted may be posted twice."""
        return _json(self.ask("POST", path, json=body if body is not None else {}))

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """One answer, also after some without one. Raises `Refusal`, and `Ended` when patience is at its end."""
        until = time.monotonic() + self._patience
        pause = FIRST_PAUSE
        while True:
            trouble, wait = self._try(method, path, **more)
            if isinstance(trouble, requests.Response):
                return trouble
            wait = max(wait, pause)
            if time.monotonic() + wait > until:
                if isinstance(trouble, Refusal):
                    raise trouble
                raise Ended(UNAVAILABLE, NO_ANSWER.format(url=self.url, error=_words(trouble)))
            self._sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    @contextmanager
    def download(self, path: str, **query: object) -> Iterator[Iterator[bytes]]:
        """The bytes of a file as they come. Raises `Refusal`, and `Ended` where it breaks off."""
        answer = self.ask("GET", path, params=query, stream=True)
        with answer:
            yield self._blocks(answer)

    def _blocks(self, answer: requests.Response) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(64 * 1024)
        except requests.RequestException as error:
            raise Ended(
                UNAVAILABLE, f"The download broke off: {_words(error)}. Run the same command again."
            ) from error

    def _try(self, method: str, path: str, **more: Any) -> tuple[requests.Response | Exception, float]:
        """An answer, or what came instead and how many seconds to wait. Raises `Refusal` that waiting will not mend."""
        try:
            answer = self._session.request(
                method, f"{self.url}/api/{path}", timeout=TIMEOUT, allow_redirects=False, **more
            )
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            return error, 0.0
        except requests.RequestException as error:
            raise Ended(UNAVAILABLE, NO_ANSWER.format(url=self.url, error=_words(error))) from error
        if answer.is_redirect:
            raise Ended(
                REFUSED,
                f"The portal is at another address: {answer.headers.get('Location', '')}. Use that one.",
            )
        if answer.ok:
            return answer, 0.0
        refusal = Refusal(answer)
        if refusal.is_for_later or refusal.body.get("type") == BUSY:
            return refusal, _seconds(answer)
        raise refusal


def _seconds(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 0.0


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = None
    if isinstance(body, dict):
        return body
    if answer.ok:
        raise Ended(UNAVAILABLE, "Something other than the portal answered. Is the address right?")
    return {}


def _words(error: Exception) -> str:
    """Without the address, which may be long, and never with a header."""
    return type(error).__name__
