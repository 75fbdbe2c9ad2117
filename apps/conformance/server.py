"""The AuroraX that is looked at, asked in the raw: every answer comes back as it is, errors included."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import requests

from apps.aurorax import errors
from apps.aurorax.client import AuroraX
from apps.aurorax.credential import AuroraXCredential
from apps.aurorax.records import DataSource
from apps.aurorax.transport import Transport

WAITING = 0.5  # seconds between two looks at something that happens later


@dataclass
class ServerAnswer:
    """One answer: status, headers, decoded JSON (None when the body is none)."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    text: str
    json: Any = field(default=None)

    @classmethod
    def of(cls, response: requests.Response) -> "ServerAnswer":
        """What `response` holds; the order of its JSON keys is kept."""
        try:
            body = msgspec.json.decode(response.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            body = None
        return cls(response.status_code, response.headers, response.text, body)

    @property
    def message(self) -> str:
        """What an error answer says, in any of its shapes."""
        document = self.json[0] if isinstance(self.json, list) and self.json else self.json
        if not isinstance(document, dict):
            return self.text[:200]
        return str(document.get("error_message") or document.get("message") or document)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a search answer, bare or wrapped as `result`."""
        rows = self.json.get("result") if isinstance(self.json, dict) else self.json
        return rows if isinstance(rows, list) else []


class Server:
    """One AuroraX, with a credential or without, and how long (in seconds) to wait for what it does later."""

    def __init__(
        self, base_url: str, credential: AuroraXCredential | None = None, *, patience: float = 120
    ) -> None:
        self.client = AuroraX(credential, base_url)
        self.credential = credential
        self.patience = patience
        self._personal = Transport(self.client.base_url, credential)
        self._anonymous = Transport(self.client.base_url)
        self._sample: tuple[DataSource, datetime] | None = None

    def ask(
        self, method: str, path: str, json: Any = None, *, anonymous: bool = False, **query: Any
    ) -> ServerAnswer:
        """One request under /api/v1. Query values are sent as `str` makes them."""
        transport = self._anonymous if anonymous else self._personal
        content = None if json is None else msgspec.json.encode(json)
        params = {name: str(value) for name, value in query.items()}
        return ServerAnswer.of(transport.ask(method, f"/api/v1{path}", params, content))

    def get(self, path: str, **query: Any) -> ServerAnswer:
        return self.ask("GET", path, **query)

    def post(self, path: str, json: Any, **query: Any) -> ServerAnswer:
        return self.ask("POST", path, json, **query)

    def with_key(self, key: str) -> "Server":
        """The same AuroraX, asked with another key."""
        return Server(self.client.base_url, AuroraXCredential("api_key", key))

    def sample(self) -> tuple[DataSource, datetime]:
        """A source that holds ephemeris, and midnight (UTC) of its latest day that is over.

        Raises `errors.NotFound` when this AuroraX holds none.
        """
        if self._sample is None:
            self._sample = self._find_sample()
        return self._sample

    def _find_sample(self) -> tuple[DataSource, datetime]:
        for source in self.client.sources.list(include_stats=True):
            last = source.stats and source.stats.latest_ephemeris_loaded
            if last and last < datetime.now(UTC):
                day = last.replace(hour=0, minute=0, second=0, microsecond=0)
                return source, day
        raise errors.NotFound("No data source here holds ephemeris to look at.")

    def search(self, kind: str, query: dict[str, Any]) -> tuple[ServerAnswer, ServerAnswer, str]:
        """An asynchronous search to its end: the answer to handing it in, its last status, its path."""
        handed_in = self.post(f"/{kind}/search", query)
        path = f"/{kind}/requests/" + handed_in.headers.get("Location", "").rsplit("/", 1)[-1]
        status = self.wait(lambda: self.get(path), _has_ended)
        return handed_in, status, path

    def wait(
        self,
        look: Callable[[], ServerAnswer],
        enough: Callable[[ServerAnswer], bool],
        *,
        patience: float | None = None,
    ) -> ServerAnswer:
        """Look until it is enough, or patience (in seconds) ends; the last answer."""
        give_up = time.monotonic() + (self.patience if patience is None else patience)
        answer = look()
        while not enough(answer) and time.monotonic() < give_up:
            time.sleep(WAITING)
            answer = look()
        return answer


def _has_ended(status: ServerAnswer) -> bool:
    if status.status != 200 or not isinstance(status.json, dict):
        return True
    return any((status.json.get("search_result") or {}).values())
