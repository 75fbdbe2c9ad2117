"""A portal in front of an AuroraX as it is met, and a provider who works with it: 200 ms a request, searches of 1.5 s, records
there after 5 s.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from tests.bench.records import NAMES, record
from tests.support.stack import Stack
from tests.uploads.test_worker import Browser

INGEST_SECONDS = 5.0
AS_MET = {
    "SANDBOX_LATENCY": "0.2",
    "SANDBOX_SEARCH_SECONDS": "1.5",
    "SANDBOX_INGEST_DELAY": str(INGEST_SECONDS),
}
FIXED = {"UPLOAD_PACE": "500x1", "UPLOAD_CHUNK_RECORDS": "500", "UPLOAD_CONNECTIONS": "1"}
AUTO = {"UPLOAD_PACE": "auto", "UPLOAD_PACE_MOST": "2000x4", "MOST_AT_ONCE": "8"}
PATIENCE = 1800.0  # seconds
READING = ("search", "poll", "result")


@dataclass(frozen=True)
class Asked:
    """What AuroraX was asked meanwhile: requests by kind, the most at once, and the seconds from first to last post."""

    kinds: dict[str, int]
    most_at_once: int
    refused: int
    posting: float

    @property
    def requests(self) -> int:
        """All of them."""
        return sum(self.kinds.values())

    @property
    def besides_reading(self) -> int:
        """All but those that read records."""
        return self.requests - sum(self.kinds.get(kind, 0) for kind in READING)


class MetStack(Stack):
    """The portal in front of `tests.bench.real_api`."""

    def commands(self) -> dict[str, list[str]]:
        """As always, but for the sandbox."""
        real = [
            sys.executable,
            "-m",
            "tests.bench.real_api",
            "sandbox",
            "--port",
            str(self.sandbox_port),
        ]
        return super().commands() | {"sandbox": real}

    def asked(self) -> Asked:
        """What it was asked since this was looked at last."""
        return Asked(**requests.post(f"{self.sandbox_url}/bench", timeout=30).json())


@contextmanager
def met(folder: Path, **environment: str) -> Iterator[MetStack]:
    """Such a portal in a folder of its own."""
    own = folder / f"met-{time.time_ns()}"
    own.mkdir()
    with MetStack(own, **AS_MET | environment).running() as stack:
        yield stack  # type: ignore[misc]  # it is what runs


class Provider:
    """Somebody with a data source of their own, at the portal's pages."""

    def __init__(self, stack: MetStack, name: str = "owner") -> None:
        self.stack = stack
        client = AuroraX(AuroraXCredential("api_key", f"sandbox-key-{name}"), stack.sandbox_url)
        platform = f"bench {time.time_ns()}"
        self.source: DataSource = client.sources.create(
            {**NAMES, "platform": platform, "source_type": "ground", "display_name": platform}
        )
        self._key = f"sandbox-key-{name}"
        self._address = f"/sources/{self.source.identifier}/ephemeris/"
        self._browser = Browser(stack.url)
        self._browser.post("/sign-in/", "/sign-in/", email=f"{name}@example.org", password=f"sandbox-{name}")

    def hold(self, count: int) -> None:
        """Have AuroraX hold the first so many minutes already, without waiting for it."""
        address = f"{self.stack.sandbox_url}/api/v1/data_sources/{self.source.identifier}/ephemeris"
        with self.stack.sandbox.switched(latency=0, ingest_delay=0):
            for first in range(0, count, 2000):
                records = [self._held(minute) for minute in range(first, min(first + 2000, count))]
                answer = requests.post(
                    address, json=records, headers={"x-aurorax-api-key": self._key}, timeout=60
                )
                answer.raise_for_status()
        self.stack.asked()

    def _held(self, minute: int) -> dict[str, object]:
        """As the file says it: metadata that no schema describes is text there."""
        found = record(minute) | self.source.key
        metadata: dict[str, object] = found["metadata"]  # type: ignore[assignment]
        return found | {"metadata": {name: str(value) for name, value in metadata.items()}}

    def upload(self, content: bytes) -> str:
        """Answers the address of the upload's page."""
        form = f"{self._address}upload/"
        page = self._browser.post(form, form, files={"file": ("bench.csv", content)})
        return page.url.removeprefix(self._browser.url)

    def press(self, page: str, verb: str) -> None:
        """A button of the upload's page."""
        self._browser.post(page, f"{page}{verb}/")

    def state(self, upload: str) -> str:
        """Of an upload."""
        return str(self._browser.get(f"{upload}receipt.json").json()["state"])

    def wait(self, upload: str, *states: str) -> float:
        """Until it is so; answers when that was."""
        return until(lambda: self.state(upload) in states, upload)

    def verify(self, content: bytes) -> str:
        """Upload and send, and come back when all of it is proven."""
        upload = self.upload(content)
        return self.send(upload)

    def send(self, upload: str) -> str:
        """Send what is checked, and come back when all of it is proven."""
        self.wait(upload, "checked", "done")
        if self.state(upload) == "checked":
            self.press(upload, "send")
            self.wait(upload, "done")
        if not self._browser.get(f"{upload}receipt.json").json()["verified"]:
            raise RuntimeError(f"{upload} is not verified.")
        return upload

    def delete(self, first: str, last: str, count: int) -> str:
        """Delete a span, and come back when AuroraX shows none of it; answers the deletion's page."""
        form = f"{self._address}delete/"
        page = self._browser.post(form, form, start=first, end=last).url.removeprefix(self._browser.url)
        until(lambda: "btn-danger" in self._browser.get(page).text, page)
        self._browser.post(page, page, decision="confirm", count=str(count))
        until(lambda: "holds none of them any more" in self._browser.get(page).text, page)
        return page

    def restore(self, deletion: str) -> str:
        """Put it back as an upload, and come back when that is proven."""
        page = self._browser.post(deletion, deletion, decision="restore")
        return self.send(page.url.removeprefix(self._browser.url))

    def export(self, first: str, last: str, wanted: str) -> tuple[float, float, int]:
        """Seconds to the first byte and to the last, and bytes."""
        address = f"{self.stack.url}{self._address}export/download/"
        began = time.perf_counter()
        asked = {"start": first, "end": last, "format": wanted}
        with self._browser.session.get(address, params=asked, stream=True, timeout=PATIENCE) as answer:
            answer.raise_for_status()
            parts = answer.iter_content(1 << 16)
            size, to_first = len(next(parts)), time.perf_counter() - began
            size += sum(map(len, parts))
        return to_first, time.perf_counter() - began, size

    def day(self, day: str) -> tuple[float, float]:
        """Seconds until a day's page is there, and until all is that it loads by itself."""
        began = time.perf_counter()
        page = self._browser.get(f"{self._address}?day={day}")
        page.raise_for_status()
        painted = time.perf_counter() - began
        with ThreadPoolExecutor(6) as pool:  # as many connections as a browser has
            list(pool.map(self._fragment, loads_by_itself(page.text)))
        return painted, time.perf_counter() - began

    def _fragment(self, address: str) -> None:
        cookies = self._browser.session.cookies.get_dict()
        url, headers = self.stack.url + address, {"HX-Request": "true"}
        requests.get(url, headers=headers, cookies=cookies, timeout=60).raise_for_status()


def loads_by_itself(html: str) -> list[str]:
    """The addresses of fragments that a browser asks for as soon as the page is there."""
    found = []
    for tag in re.findall(r"<\w+[^>]*hx-trigger=\"[^\"]*\bload\b[^>]*>", html):
        address = re.search(r'hx-get="([^"]*)"', tag)
        if address:
            found.append(address.group(1).replace("&amp;", "&"))
    return found


def until(done: Callable[[], bool], what: str) -> float:
    """Come back when it is so; answers when that was."""
    give_up = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what} took too long.")
        time.sleep(0.05)
    return time.perf_counter()
