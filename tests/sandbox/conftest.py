"""Calling the sandbox as its clients do, over HTTP."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.support.sandbox import SandboxProcess

EXAMPLE = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
    "source_type": "ground",
    "display_name": "Example",
}
NAMES = {key: EXAMPLE[key] for key in ("program", "platform", "instrument_type")}

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?")
SWARM_DAY = {
    "data_sources": {"programs": ["swarm"], "platforms": ["swarma"], "instrument_types": ["footprint"]},
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T23:59:59",
}


class Api:
    """Calls to /api/v1 by one person, or by nobody."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = f"{url}/api/v1"
        self.headers = headers

    def get(self, path: str, **params: object) -> requests.Response:
        """GET with query parameters."""
        return self._send("GET", path, params=params)

    def post(self, path: str, body: object = None, **params: object) -> requests.Response:
        """POST of a JSON body."""
        return self._send("POST", path, json=body, params=params)

    def put(self, path: str, body: object) -> requests.Response:
        """PUT of a JSON body."""
        return self._send("PUT", path, json=body)

    def patch(self, path: str, body: object) -> requests.Response:
        """PATCH of a JSON body."""
        return self._send("PATCH", path, json=body)

    def delete(self, path: str, body: object = None) -> requests.Response:
        """DELETE, with a JSON body where one is given."""
        return self._send("DELETE", path, json=body)

    def send(self, method: str, path: str, data: bytes) -> requests.Response:
        """Any method with a body as it is."""
        return self._send(method, path, data=data)

    def search(self, kind: str, **query: object) -> list[dict[str, Any]]:
        """The records an asynchronous search of `kind` finds."""
        started = self.post(f"/{kind}/search", query)
        assert started.status_code == 202, started.text
        return self.result(started.headers["Location"])

    def result(self, location: str) -> list[dict[str, Any]]:
        """The records of a finished search."""
        answer = requests.get(f"{location}/data", headers=self.headers, timeout=30)
        assert answer.status_code == 200, answer.text
        records: list[dict[str, Any]] = answer.json()["result"]
        return records

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, self.url + path, headers=self.headers, timeout=30, **options)


As = Callable[[str], Api]


@pytest.fixture
def anyone(sandbox: SandboxProcess) -> Api:
    """Somebody without a credential."""
    return Api(sandbox.url, {})


@pytest.fixture
def with_key(sandbox: SandboxProcess) -> As:
    """Somebody with an API key: `with_key("owner")`."""
    return lambda name: Api(sandbox.url, {"x-aurorax-api-key": f"sandbox-key-{name}"})


@pytest.fixture
def admin(with_key: As) -> Api:
    """The Administrator."""
    return with_key("admin")


@pytest.fixture
def owner(with_key: As) -> Api:
    """owner@example.org."""
    return with_key("owner")


@pytest.fixture
def source(owner: Api) -> int:
    """The identifier of a new source of owner@example.org, which holds nothing."""
    identifier: int = owner.post("/data_sources", EXAMPLE).json()["identifier"]
    return identifier


def ephemeris(minute: int = 0, **fields: object) -> dict[str, Any]:
    """An ephemeris record of the example source, at a minute of 1 March 2021."""
    return {**NAMES, "epoch": f"2021-03-01T{minute // 60:02}:{minute % 60:02}:00.000Z", **fields}


def keogram(url: str, **fields: object) -> dict[str, Any]:
    """A keogram of the example source on 1 March 2021."""
    times = {"start": "2021-03-01T00:00:00.000", "end": "2021-03-01T23:59:00.000"}
    return {**NAMES, **times, "url": url, "data_product_type": "keogram", "metadata": None, **fields}


def query(**changes: object) -> dict[str, Any]:
    """A search of the example source over March 2021."""
    sources = {"programs": [NAMES["program"]], "platforms": [], "instrument_types": []}
    return {"data_sources": sources, "start": "2021-03-01T00:00:00", "end": "2021-03-31T23:59:59", **changes}


def start(api: Api, kind: str = "ephemeris", **changes: object) -> str:
    """Start a search of the Swarm day; answers the address of its request."""
    answer = api.post(f"/{kind}/search", {**SWARM_DAY, **changes})
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def path_of(location: str) -> str:
    """The part of an address that `Api` takes."""
    return location.partition("/api/v1")[2]
