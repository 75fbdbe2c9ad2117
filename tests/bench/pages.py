"""Pages of a hundred records: what the portal adds to the time AuroraX takes, beside Django admin's changelist."""

import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import requests
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from apps.aurorax import AuroraX, AuroraXCredential, DataProductRecord
from tests.bench.figures import Figure, seconds
from tests.support.sandbox import SandboxProcess

TARGET = 15  # milliseconds (issue 5)
ROUNDS = 41
SATELLITE, CAMERA = 3, 103  # sources of the sandbox's seed with ephemeris and with keograms
FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, 23, 59, 59, tzinfo=UTC)
MORE = 120  # data products on that day, so that its first page has a hundred
HOST = "127.0.0.1"
SOURCES, EPHEMERIS, PRODUCTS = (f"/admin/bench/{name}/" for name in ("source", "ephemeris", "product"))
PAGES = {  # what must be on it so many times, address here, address in the admin
    "table of 100 ephemeris records": (
        "2020", 100, f"/sources/{SATELLITE}/ephemeris/?day=2020-01-01", EPHEMERIS,
    ),
    "table of 100 data products": (
        "2020", 100, f"/sources/{CAMERA}/products/?first=2020-01-01&view=table", PRODUCTS,
    ),
    "gallery of 100 data products": (
        "2020", 100, f"/sources/{CAMERA}/products/?first=2020-01-01&view=gallery", PRODUCTS,
    ),
    "table of 50 data sources": ("<tr", 50, "/sources/", SOURCES),
    "one data source": ("<tr", 8, f"/sources/{CAMERA}/", SOURCES),
    "overview": ("<tr", 5, "/", SOURCES),
    "form of an upload": ("<input", 2, f"/sources/{CAMERA}/ephemeris/upload/", SOURCES),
}  # fmt: skip


class Meter:
    """Visits pages, and notes the calls to AuroraX and the seconds that they take."""

    def __init__(self) -> None:
        self._call = requests.Session.request
        self._calls, self._seconds = 0, 0.0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All calls are noted."""

        def noted(session: requests.Session, *arguments: Any, **options: Any) -> requests.Response:
            began = time.perf_counter()
            answer = self._call(session, *arguments, **options)
            self._seconds += time.perf_counter() - began
            self._calls += 1
            return answer

        with mock.patch.object(requests.Session, "request", noted):
            yield

    def milliseconds(self, client: Client, address: str) -> float:
        """How long a visit takes without AuroraX."""
        before = self._seconds
        took = seconds(lambda: client.get(address))
        return 1000 * (took - self._seconds + before)

    def described(self, client: Client, address: str, holds: str = "", times: int = 0) -> str:
        """What a page weighs and asks for. Raises RuntimeError for one that does not hold this text so many times."""
        before = self._calls
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200 or answer.content.count(holds.encode()) < times:
            raise RuntimeError(f"{address} was answered with {answer.status_code}.")
        weight = len(gzip.compress(answer.content)) / 1000
        return f"{weight:.0f} KB gzipped, {len(queries)} queries, {self._calls - before} calls to AuroraX"


def figures(folder: Path) -> list[Figure]:
    """Median milliseconds without those of AuroraX; what else a page costs is in the names."""
    meter = Meter()
    with SandboxProcess(folder) as sandbox, _site(sandbox), meter.reading():
        _fill()
        ours, peers = _signed_in(), _admin()
        return [_figure(meter, ours, peers, name) for name in PAGES]


def _figure(meter: Meter, ours: Client, peers: Client, name: str) -> Figure:
    holds, times, address, peers_address = PAGES[name]
    name = f"portal: {name} ({meter.described(ours, address, holds, times)})"
    peer = f"Django admin's changelist ({meter.described(peers, peers_address)})"
    took = [
        (meter.milliseconds(ours, address), meter.milliseconds(peers, peers_address)) for _ in range(ROUNDS)
    ]
    value, peer_value = (statistics.median(column) for column in zip(*took, strict=True))
    return Figure(name, value, "ms", peer, peer_value, TARGET)


@contextmanager
def _site(sandbox: SandboxProcess) -> Iterator[None]:
    """The portal and the admin as one site; nobody has collected static files."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        INSTALLED_APPS=[
            *settings.INSTALLED_APPS,
            "django.contrib.admin.apps.SimpleAdminConfig",
            "tests.bench",
        ],
        ROOT_URLCONF="tests.bench.changelist",
        AURORAX_API_URL=sandbox.url,
        STORAGES=settings.STORAGES | {"staticfiles": static},
    ):
        yield


def _fill() -> None:
    """The same records for both."""
    client = AuroraX(AuroraXCredential("api_key", "sandbox-key-admin"))
    satellite, camera = client.sources.get(SATELLITE), client.sources.get(CAMERA)
    more = [
        DataProductRecord(
            "montage", FROM, TO, f"https://data.example.org/{n:03}_montage.jpg", {"keogram_type": "none"}
        )
        for n in range(MORE)
    ]
    client.products.upload(CAMERA, more, source=camera)
    changelist = import_module("tests.bench.changelist")  # now that its app is installed
    changelist.fill(
        client.sources.list(),
        client.ephemeris.search(satellite, FROM, TO),
        client.products.search(camera, FROM, TO),
    )


def _signed_in() -> Client:
    client = Client(SERVER_NAME=HOST)
    client.post("/sign-in/", {"email": "owner@example.org", "password": "sandbox-owner"})
    return client


def _admin() -> Client:
    """A client of the admin, with the middleware that comes with it: it is taken up with the first request."""
    client = Client(SERVER_NAME=HOST)
    with override_settings(MIDDLEWARE=import_module("tests.bench.changelist").MIDDLEWARE):
        client.get("/admin/bench/product/")
    return client
