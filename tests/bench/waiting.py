"""What a person waits for: the checked page of a file, comparing and reading back, the progress page."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import requests
from django.test import Client
from django.utils import timezone

from apps.accounts import models as accounts
from apps.accounts.models import User
from apps.accounts.services import SESSION_KEY
from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from apps.permissions import Role
from apps.uploads.models import Chunk, Upload
from apps.uploads.states import State
from tests.bench import files
from tests.bench.figures import Figure
from tests.bench.records import NAMES
from tests.support.stack import Stack
from tests.uploads.test_worker import Browser

SHOWN_WITHIN = {10_000: 1.0, 1_000_000: 10.0}  # seconds
RECORDS = 200_000  # compared and read back
READ_BACK = 50_000  # records a second
POLL = 5.0  # ms
MANY_CHUNKS = 10_000
PATIENCE = 300  # seconds


def figures(folder: Path) -> list[Figure]:
    """Through the pages, with a worker and the sandbox as `make run` starts them; and one poll by itself."""
    for count in (10_000, RECORDS, 1_000_000):
        files.write_csv(folder, count, wrong=False)
    own = folder / "stack"
    own.mkdir()
    with Stack(own, SANDBOX_INGEST_DELAY="0", SANDBOX_SEARCH_SECONDS="0").running() as stack:
        return [*_checked_pages(stack, folder), *_read_back(stack, folder), _poll()]


def _checked_pages(stack: Stack, folder: Path) -> list[Figure]:
    """From the moment the file begins to leave the browser to the page that tells what is in it."""
    found = []
    for count, target in SHOWN_WITHIN.items():
        person = Person(stack)
        began = time.perf_counter()
        upload = person.upload(folder / f"{count}-right.csv")
        person.wait(upload, "comparing", "checked", "done")
        took = (time.perf_counter() - began) * 1000
        found.append(
            Figure(
                f"checked page of {count:,} rows", took, "ms", "as asked for", target * 1000, target * 1000
            )
        )
        person.wait(upload, "checked", "done")
    return found


def _read_back(stack: Stack, folder: Path) -> list[Figure]:
    """A file is sent and read back, then uploaded again and compared with all of itself."""
    person = Person(stack)
    first = person.upload(folder / f"{RECORDS}-right.csv")
    person.wait(first, "checked")
    person.send(first)
    accepted = person.wait(first, "verifying", "done")
    person.wait(first, "done")
    verified = time.perf_counter() - accepted
    again = person.upload(folder / f"{RECORDS}-right.csv")
    began = person.wait(again, "comparing", "done")
    person.wait(again, "done")
    compared = time.perf_counter() - began
    peer = "as asked for"
    return [
        Figure(
            "verify: read back from the sandbox", RECORDS / verified, "records/s", peer, READ_BACK, READ_BACK
        ),
        Figure(
            "compare: all in AuroraX already", RECORDS / compared, "records/s", peer, READ_BACK, READ_BACK
        ),
    ]


class Person:
    """An owner with a data source of their own."""

    def __init__(self, stack: Stack) -> None:
        client = AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), stack.sandbox_url)
        name = f"bench {time.time_ns()}"
        fields = {**NAMES, "platform": name, "source_type": "ground", "display_name": name[:50]}
        self._source: DataSource = client.sources.create(fields)
        self._browser = Browser(stack.url)
        self._browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")

    def upload(self, path: Path) -> str:
        """Answers the address of the upload's page."""
        form = f"/sources/{self._source.identifier}/ephemeris/upload/"
        with path.open("rb") as file:
            page = self._browser.post(form, form, files={"file": (path.name, file)})
        return page.url.removeprefix(self._browser.url)

    def send(self, upload: str) -> None:
        """Press the button."""
        self._browser.post(upload, f"{upload}send/")

    def wait(self, upload: str, *states: str) -> float:
        """Look at the page until it is so; answers when that was."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            answer: requests.Response = self._browser.get(f"{upload}receipt.json")
            if answer.json()["state"] in states:
                return time.perf_counter()
            time.sleep(0.02)
        raise TimeoutError(f"{upload} is {answer.json()['state']}.")


def _sign_in(client: Client, person: User) -> None:
    """Without AuroraX, which the fragment never asks."""
    client.force_login(person)
    credential = accounts.Credential(user=person, kind="access_token")
    credential.keep("none")
    session = client.session
    session[SESSION_KEY] = credential.pk
    session.save()


def _poll() -> Figure:
    """The fragment that the page asks for every second, of an upload of many chunks; without the web server."""
    owner, _ = User.objects.get_or_create(
        username="owner", defaults={"email": "owner@example.org", "role": Role.OWNER}
    )
    upload = _large_upload(owner)
    client = Client(SERVER_NAME="127.0.0.1")
    _sign_in(client, owner)
    headers = {"HX-Request": "true", "HX-Target": "div#upload-progress"}

    def ask() -> int:
        return client.get(f"/uploads/{upload.pk}/", headers=headers).status_code

    if ask() != 200:
        raise RuntimeError("The page of the upload cannot be shown.")
    counting = _median(lambda: Chunk.objects.filter(upload=upload, state="accepted").count())
    return Figure(
        "one poll of the progress page", _median(ask), "ms", "counting its chunks alone", counting, POLL
    )


def _large_upload(owner: User) -> Upload:
    now = timezone.now()
    upload = Upload.objects.create(
        kind="ephemeris", source_identifier=1, source_name="Bench", api_url="http://127.0.0.1:9", owner=owner,
        name="bench.csv", size=1, state=State.SENDING, rows=20_000_000, valid=20_000_000, sent=10_000_000,
        started_at=now, pace_since=now, lease_until=now.replace(year=now.year + 1), first=now, last=now, **NAMES,
    )  # fmt: skip
    Chunk.objects.bulk_create(
        Chunk(upload=upload, index=number, count=2000, to_send=2000, first=now, last=now, state="accepted")
        for number in range(MANY_CHUNKS)
    )
    return upload


def _median(call: Callable[[], object], times: int = 50) -> float:
    """Milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
