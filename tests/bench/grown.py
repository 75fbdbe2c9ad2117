"""5,000 data sources with twenty years of records: what the sandbox takes to answer, and what the portal adds for an owner of 300."""

import statistics
from datetime import UTC, datetime
from pathlib import Path

import requests
from django.conf import settings
from django.test import Client, override_settings

from tests.bench.figures import Figure, seconds
from tests.bench.pages import HOST, Meter
from tests.support import growth
from tests.support.sandbox import SandboxProcess

PEER = "as asked for"
ROUNDS = 41
ONE = (
    f"program=program-000&platform=platform 00000&start={growth.YEARS[0]}-01-01&end={growth.YEARS[-1]}-12-31"
)
ANSWERS = {  # of the sandbox: address, milliseconds asked for
    "statistics of one data source": (f"/data_sources/{growth.FIRST}?include_stats=true", 20),
    "list with statistics": ("/data_sources?include_stats=true", 300),
    "20 years of availability": (f"/availability/ephemeris?{ONE}", 50),
}
PAGES = {  # of the portal: address, and what must be on it so many times
    "table of 50 data sources": ("/sources/", "<tr", 51),
    "the same, sorted by owner": ("/sources/?sort=owner", "<tr", 51),
    "the same, searched": ("/sources/?q=grown+00", "<tr", 51),
    "the same, only mine": ("/sources/?mine=on", "<tr", 51),
    "maintainers of 50 data sources": ("/maintainers/", 'name="source"', 50),
    "one data source": (f"/sources/{growth.FIRST}/", "<tr", 8),
}
TARGET = 30  # ms


def figures(folder: Path) -> list[Figure]:
    """The list of all is remembered, as it is for all but the first page."""
    process = SandboxProcess(folder)
    growth.fill(process, last=datetime.now(UTC).date())
    with process, _portal(process):
        return [*_answers(process.url), *_pages()]


def _portal(process: SandboxProcess) -> override_settings:
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = settings.STORAGES | {"staticfiles": static}
    return override_settings(AURORAX_API_URL=process.url, STORAGES=storages)


def _answers(url: str) -> list[Figure]:
    found = []
    for name, (address, target) in ANSWERS.items():
        took = [1000 * seconds(lambda path=address: _get(url + "/api/v1" + path)) for _ in range(7)]  # type: ignore[misc]
        found.append(Figure(f"grown sandbox: {name}", statistics.median(took), "ms", PEER, target, target))
    return found


def _pages() -> list[Figure]:
    meter, client = Meter(), Client(SERVER_NAME=HOST)
    with meter.reading():
        client.post("/sign-in/", {"email": growth.OWNER, "password": "sandbox-owner"})
        client.get("/maintainers/")
        return [_page(meter, client, name) for name in PAGES]


def _page(meter: Meter, client: Client, name: str) -> Figure:
    address, holds, times = PAGES[name]
    costs = meter.described(client, address, holds, times)
    took = [meter.milliseconds(client, address) for _ in range(ROUNDS)]
    late = statistics.quantiles(took, n=20)[-1]
    return Figure(f"grown portal: {name}, p95 ({costs})", late, "ms", PEER, TARGET, TARGET)


def _get(address: str) -> None:
    requests.get(address, timeout=60).raise_for_status()
