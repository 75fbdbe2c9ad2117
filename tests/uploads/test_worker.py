"""A real worker that is killed at work, and another that takes over."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from apps.aurorax import AuroraX, AuroraXCredential, EphemerisRecord, Location
from tests.support.stack import ROOT, Stack
from tests.support.uploads import csv_of, minutes

RECORDS, FEW = 800, 240
START = datetime(2031, 1, 1, tzinfo=UTC)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """Somebody with a browser but without JavaScript."""

    def __init__(self, url: str) -> None:
        self.session, self.url = requests.Session(), url

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=30)

    def post(self, form_at: str, path: str, **data: Any) -> requests.Response:
        """Fill in the form found on one page and send it to `path`."""
        token = TOKEN.search(self.get(form_at).text)
        assert token
        files = data.pop("files", None)
        fields = {"csrfmiddlewaretoken": token.group(1), **data}
        answer = self.session.post(self.url + path, data=fields, files=files, timeout=30)
        assert answer.ok, answer.text
        return answer


class WorkerlessStack(Stack):
    """The portal and the sandbox; workers come and go in the test."""

    def commands(self) -> dict[str, list[str]]:
        commands = super().commands()
        self.worker_command = commands.pop("worker")
        return commands

    def worker(self) -> subprocess.Popen[bytes]:
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(self.worker_command, cwd=ROOT, env=self.env, stdout=log, stderr=log)


def test_workers_killed_at_work_lose_nothing_and_leave_nothing_half_done(tmp_path: Path) -> None:
    stack = WorkerlessStack(
        tmp_path,
        UPLOAD_CHUNK_RECORDS="40",
        UPLOAD_CONNECTIONS="1",
        UPLOAD_LEASE_SECONDS="2",
        SANDBOX_LATENCY="0.02",
        SANDBOX_INGEST_DELAY="0",
    )
    with stack.running():
        browser = Browser(stack.url)
        browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
        form = "/sources/103/ephemeris/upload/"
        page = browser.post(form, form, files={"file": ("day.csv", csv_of(*minutes(RECORDS)))})
        upload = page.url.removeprefix(stack.url)

        def accepted() -> int:
            return int(browser.get(f"{upload}receipt.json").json()["records"]["accepted"])

        worker = stack.worker()
        wait_for(lambda: f">Send {RECORDS} " in browser.get(upload).text)
        browser.post(upload, f"{upload}send/")
        for least in (100, 400):
            wait_for(lambda least=least: accepted() >= least)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert browser.get(f"{upload}receipt.json").json()["state"] in ("sending", "verifying")
            worker = stack.worker()
        try:
            wait_for(lambda: "Read back from AuroraX" in browser.get(upload).text)
        finally:
            worker.terminate()
            worker.wait(timeout=10)
        receipt = browser.get(f"{upload}receipt.json").json()
        assert receipt["verified"] is True
        assert receipt["records"]["verified"] == RECORDS


@pytest.mark.slow
def test_workers_killed_while_they_complete_records_keep_what_the_file_does_not_give(tmp_path: Path) -> None:
    stack = WorkerlessStack(
        tmp_path,
        UPLOAD_CHUNK_RECORDS="4",
        UPLOAD_LEASE_SECONDS="2",
        SANDBOX_LATENCY="0",
        SANDBOX_INGEST_DELAY="0",
    )
    with stack.running():
        browser = Browser(stack.url)
        browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
        client = AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), stack.sandbox_url)
        source = client.sources.get(103)
        held = [
            EphemerisRecord(START + timedelta(minutes=n), location_geo=Location(51.5, n / 10), metadata={"old": n})
            for n in range(FEW)
        ]  # fmt: skip
        client.ephemeris.upload(source.identifier, held, source=source)
        form = "/sources/103/ephemeris/upload/"
        rows = [f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:00},new {n}" for n in range(FEW)]
        content = csv_of(*rows, header="epoch,metadata.state")
        page = browser.post(form, form, files={"file": ("day.csv", content)})
        upload = page.url.removeprefix(stack.url)

        def state() -> str:
            return str(browser.get(f"{upload}receipt.json").json()["state"])

        worker = stack.worker()
        wait_for(lambda: state() == "checked")
        browser.post(upload, f"{upload}send/")
        for lives in (0.1, 0.4):
            wait_for(lambda: state() in ("sending", "verifying", "done"))
            time.sleep(lives)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker = stack.worker()
        try:
            wait_for(lambda: state() == "done")
        finally:
            worker.terminate()
            worker.wait(timeout=10)
        receipt = browser.get(f"{upload}receipt.json").json()
        assert (receipt["verified"], receipt["records"]["verified"]) == (True, FEW)
        found = client.ephemeris.search(source, START, START + timedelta(minutes=FEW - 1))
        assert [(record.location_geo, record.metadata) for record in found] == [
            (Location(51.5, n / 10), {"old": n, "state": f"new {n}"}) for n in range(FEW)
        ]


def wait_for(done: Callable[[], bool], seconds: float = 120) -> None:
    """Come back when it is so; fail when it does not come to be."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "It did not come to be in time."
        time.sleep(0.1)


def test_a_worker_has_nothing_to_do_where_tasks_run_in_the_web_process(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "worker"]
    env = Stack(tmp_path, TASK_QUEUE="immediate").env
    ended = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "TASK_QUEUE=immediate runs tasks in the web process" in ended.stderr
