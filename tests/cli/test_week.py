"""Weeks by command line, as cron has them: the real command, against a portal with its worker and a sandbox."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from apps.aurorax import AuroraX, AuroraXCredential, times
from tests.support.stack import ROOT, Stack
from tests.support.uploads import csv_of
from tests.uploads.test_worker import Browser, wait_for

pytestmark = pytest.mark.any_database

SOURCE = 103
COMMAND = [sys.executable, "-m", "aurorax_portal"]


class Shell:
    """Somebody's crontab."""

    def __init__(self, stack: Stack, token: str, folder: Path) -> None:
        self.stack, self.token, self.folder = stack, token, folder
        self.browser = Browser(stack.url)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT / "cli"),
            "AURORAX_PORTAL_URL": stack.url,
            "AURORAX_PORTAL_TOKEN": token,
        }

    def run(self, *arguments: str, command: Sequence[str] = COMMAND) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*command, *arguments],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            timeout=120,
            check=False,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*COMMAND, *arguments], env=self.env, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )  # fmt: skip

    def json(self, *arguments: str) -> dict[str, Any]:
        ended = self.run(*arguments, "--json")
        found: dict[str, Any] = json.loads(ended.stdout)
        assert found["exit_code"] == ended.returncode, ended.stderr
        return found

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(
            method, f"{self.stack.url}/api/{path}", headers=headers, timeout=30, **more
        ).json()

    def write(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("week")
    stack = Stack(folder, UPLOAD_CHUNK_RECORDS="20", UPLOAD_CONNECTIONS="1", SANDBOX_INGEST_DELAY="0")
    with stack.running():
        yield stack


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    """Made on the page, by somebody in a browser."""
    browser = Browser(stack.url)
    browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
    form = {"name": "weekly", "scopes": ["push", "pull", "undo"], "days": "30", "sources": str(SOURCE)}
    page = browser.post("/settings/tokens/", "/settings/tokens/", **form, api_key="sandbox-key-owner")
    browser.post("/", "/sign-out/")
    return page.text.partition('id="new-token">')[2].partition("<")[0]


@pytest.fixture
def shell(stack: Stack, token: str, tmp_path: Path) -> Shell:
    return Shell(stack, token, tmp_path)


def week_of(year: int, count: int = 60, *, lat: float = 51.05) -> bytes:
    start = datetime(year, 1, 1, tzinfo=UTC)
    rows = [f"{times.write(start + timedelta(minutes=n))},{lat},-114.07,state {n}" for n in range(count)]
    return csv_of(*rows)


def held(shell: Shell, year: int) -> int:
    client = AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), shell.stack.sandbox_url)
    start = datetime(year, 1, 1, tzinfo=UTC)
    source = client.sources.get(SOURCE)
    return len([*client.ephemeris.search(source, start, start + timedelta(days=2))])


def test_a_whole_week(shell: Shell) -> None:
    span = ["--from", "2031-01-01T00:00:00", "--to", "2031-01-02T00:00:00"]
    push, pull = ["push", "--source", str(SOURCE)], ["pull", "--source", str(SOURCE), *span]

    checked = shell.json("check", shell.write("week.csv", week_of(2031)), "--source", str(SOURCE))
    assert (checked["exit_code"], checked["upload"]["records"]["new"], held(shell, 2031)) == (0, 60, 0)

    sent = shell.run(*push, "week.csv")
    assert (sent.returncode, held(shell, 2031)) == (0, 60), sent.stderr
    assert b"Verified: week.csv" in sent.stdout
    assert b"\r" not in sent.stderr  # plain lines where there is no terminal
    first = shell.run(*pull).stdout
    assert first.count(b"\n") == 61

    corrected = shell.json(*push, shell.write("corrected.csv", week_of(2031, lat=52.5)))
    records = corrected["upload"]["records"]
    assert (corrected["exit_code"], records["new"], records["changed"]) == (0, 0, 60)

    again = shell.json(*push, "corrected.csv")
    assert (again["exit_code"], again["upload"]["outcome"]) == (0, "nothing-to-send")

    shell.browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
    path = f"/sources/{SOURCE}/ephemeris/export/download/?start={span[1]}&end={span[3]}&format=csv"
    assert shell.run(*pull, "-o", "pulled.csv").returncode == 0
    pulled = (shell.folder / "pulled.csv").read_bytes()
    assert pulled == shell.browser.get(path).content
    assert b"52.5" in pulled

    shared = shell.run("undo", corrected["upload"]["id"])
    assert shared.returncode == 6  # the second push of the same file stands for the same records
    assert b"60 records a later upload stands for" in shared.stdout
    undone = shell.run("undo", corrected["upload"]["id"], "--with-shared")
    assert undone.returncode == 0, undone.stderr
    assert b"60 records have their old values again" in undone.stdout
    assert shell.run(*pull).stdout == first

    told = json.loads(shell.run("receipt", corrected["upload"]["id"]).stdout)
    assert (told["state"], told["undo"]["restored"]) == ("undone", 60)
    assert b"corrected.csv" in shell.run("status").stdout


def test_a_command_that_was_killed_goes_on_where_it_was_and_puts_no_row_there_twice(shell: Shell) -> None:
    """Killed while it brings the file, and killed while the portal sends."""
    _killed_while_it_brings_the_file(shell)
    _killed_while_the_portal_sends(shell)


def _killed_while_it_brings_the_file(shell: Shell) -> None:
    content = week_of(2032)
    push = ["push", shell.write("week.csv", content), "--source", str(SOURCE)]
    told = {"name": "week.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    killed = shell.begin(*push, "--piece", "10")

    def arrived() -> int:
        file = shell.ask("POST", f"sources/{SOURCE}/files", json=told)["file"]
        return int(file["offset"]) if file else len(content)

    wait_for(lambda: arrived() >= 100)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert 100 <= arrived() < len(content)
    again = shell.run(*push)
    assert b", from byte " in again.stderr
    assert (again.returncode, held(shell, 2032)) == (0, 60)


def _killed_while_the_portal_sends(shell: Shell) -> None:
    push = ["push", shell.write("week.csv", week_of(2033, 300)), "--source", str(SOURCE)]

    def newest() -> dict[str, Any]:
        found: list[dict[str, Any]] = shell.ask("GET", "uploads")["uploads"]
        return found[0] if found and found[0]["rows"]["read"] == 300 else {"records": {"accepted": 0}}

    with shell.stack.sandbox.switched(latency=0.25):
        killed = shell.begin(*push)
        wait_for(lambda: newest()["records"]["accepted"] >= 20)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert newest()["outcome"] == "working"
        again = shell.json(*push)
    upload = newest()["id"]
    assert (again["exit_code"], again["upload"]["id"], again["upload"]["outcome"]) == (0, upload, "verified")
    assert len(shell.ask("GET", f"uploads?sha256={again['upload']['file']['sha256']}")["uploads"]) == 1
    assert held(shell, 2033) == 300
    assert shell.json(*push)["upload"]["outcome"] == "nothing-to-send"


def test_what_is_wrong_is_said_with_an_exit_code(shell: Shell) -> None:
    """With the file, with the rights, with the portal; and the same by `manage.py portal`."""
    _a_file_is_wrong(shell)
    _the_portal_is_away(shell)
    _it_is_a_command_of_the_portal_too(shell)


def _a_file_is_wrong(shell: Shell) -> None:
    bad = shell.write("bad.csv", week_of(2034, 3) + b"\nnever,1,2,x")
    found = shell.json("check", bad, "--source", str(SOURCE))
    assert (found["exit_code"], found["findings"][0]["examples"][0]["value"]) == (1, "never")
    assert held(shell, 2034) == 0
    strange = shell.write("strange.csv", b"epoch,lat,weird\n2034-01-01T00:00:00,1,2\n")
    asked = shell.run("push", strange, "--source", str(SOURCE))
    assert asked.returncode == 3
    assert b"/uploads/" in asked.stdout
    unreadable = shell.run("push", shell.write("noise.csv", b"\x00\x01" * 50), "--source", str(SOURCE))
    assert (unreadable.returncode, unreadable.stdout) == (1, b"")
    elsewhere = shell.run("push", bad, "--source", "1")
    assert elsewhere.returncode == 4
    assert b"not for data source 1" in elsewhere.stderr
    assert shell.run("push", "missing.csv", "--source", str(SOURCE)).returncode == 2


def _it_is_a_command_of_the_portal_too(shell: Shell) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "portal"]
    shell.env |= {
        "SECRET_KEY": "only for this test",
        "DATABASE_URL": f"sqlite:///{shell.folder}/none.sqlite3",
    }
    ended = shell.run("status", command=command)
    assert ended.returncode == 0, ended.stderr
    assert b"strange.csv" in ended.stdout  # that was pushed before


def _the_portal_is_away(shell: Shell) -> None:
    started = time.monotonic()
    ended = shell.run("status", "--url", "http://127.0.0.1:9", "--patience", "1.5")
    assert ended.returncode == 5
    assert b"does not answer" in ended.stderr
    assert time.monotonic() - started > 1
