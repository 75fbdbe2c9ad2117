"""A worker killed at a random moment, over and over, while AuroraX loses answers: nothing lost, doubled or stuck.

`make torture` runs a hundred rounds; TORTURE_ROUNDS and TORTURE_SEED say how many, and where the dice start.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from tests.uploads.test_worker import Browser, WorkerlessStack, wait_for

ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "1"))
SEED = int(os.environ.get("TORTURE_SEED", "20261125"))
RECORDS = 20_000 if ROUNDS > 1 else 6_000
LONGEST_LIFE = 6.0  # seconds a worker may live before it is killed
LONGEST_ROUND = 300.0  # seconds
START = datetime(2020, 1, 1, tzinfo=UTC)
ENDED = ("done", "cancelled", "rejected")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerlessStack]:
    """Portal and sandbox for all rounds; the sandbox loses one answer in a hundred after it did what it was asked."""
    made = WorkerlessStack(
        tmp_path_factory.mktemp("torture"),
        UPLOAD_CHUNK_RECORDS="500",
        UPLOAD_CONNECTIONS="4",
        UPLOAD_LEASE_SECONDS="2",
        SANDBOX_LATENCY="0.02",
        SANDBOX_INGEST_DELAY="0.2",
        SANDBOX_SEARCH_SECONDS="0",
        SANDBOX_DROP_AFTER="0.01",
    )
    with made.running():
        yield made


@pytest.mark.parametrize("number", range(ROUNDS))
def test_every_record_is_there_once_with_the_right_value_whenever_the_worker_dies(
    stack: WorkerlessStack, number: int
) -> None:
    dice = random.Random(SEED + number)
    client = AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), stack.sandbox_url)
    source = client.sources.create(
        {
            "program": "torture", "platform": f"round {number}", "instrument_type": "imager", "source_type": "ground",
            "display_name": f"Round {number}",
        }
    )  # fmt: skip
    browser = Browser(stack.url)
    browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
    form = f"/sources/{source.identifier}/ephemeris/upload/"
    page = browser.post(form, form, files={"file": ("round.csv", csv_of(number))})
    upload = page.url.removeprefix(stack.url)
    state = send_and_kill(stack, browser, upload, dice)
    assert state == "done"
    receipt = browser.get(f"{upload}receipt.json").json()
    assert (receipt["verified"], receipt["records"]["verified"]) == (True, RECORDS), receipt
    check_stored(client, source, number)


def csv_of(number: int) -> bytes:
    rows = (
        f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:00},51.05,-114.07,{number}-{n}" for n in range(RECORDS)
    )
    return "\n".join(["epoch,lat,lon,metadata.note", *rows]).encode()


def send_and_kill(stack: WorkerlessStack, browser: Browser, upload: str, dice: random.Random) -> str:
    """Workers that die one after the other until the upload has ended; "Send" is pressed as soon as it is there."""
    give_up = time.monotonic() + LONGEST_ROUND
    while time.monotonic() < give_up:
        worker = stack.worker()
        dies_at = time.monotonic() + dice.uniform(0.5, LONGEST_LIFE)
        try:
            while time.monotonic() < dies_at:
                state = str(browser.get(f"{upload}receipt.json").json()["state"])
                if state == "checked":
                    browser.post(upload, f"{upload}send/")
                if state in ENDED:
                    return state
                time.sleep(0.05)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    return str(browser.get(f"{upload}receipt.json").json()["state"])


def check_stored(client: AuroraX, source: DataSource, number: int) -> None:
    """AuroraX holds exactly the records of the file."""

    def stored() -> list[tuple[datetime, object]]:
        found = client.ephemeris.search(source, START - timedelta(days=1), START + timedelta(days=60))
        return [(record.epoch, (record.metadata or {}).get("note")) for record in found]

    expected = [(START + timedelta(minutes=n), f"{number}-{n}") for n in range(RECORDS)]
    wait_for(lambda: stored() == expected)
