"""The sandbox AuroraX API as a process of its own, for tests that go over HTTP.

Asserts nothing and is imported before pytest loads it as a plugin: PYTEST_DONT_REWRITE
"""

import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import pytest
import requests
from psycopg import sql

from tests.support.ports import free_port, listens

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
# No waiting: what is accepted is there at once and searches are done when they are first asked about.
QUICK = {"SANDBOX_SEED": "small", "SANDBOX_INGEST_DELAY": "0", "SANDBOX_SEARCH_SECONDS": "0"}


class Sandbox:
    """What an operator may do to a running sandbox."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self) -> None:
        """Back to the seed and to the switches it was started with."""
        self._post("reset")

    def ingest(self) -> None:
        """Finish everything that was accepted with 202, due or not."""
        self._post("ingest")

    def expire_sessions(self) -> None:
        """Let every access token die."""
        self._post("sessions/expire")

    def change_account(self, email: str, **changes: object) -> None:
        """Give an account another `role`, or `disabled`; its sessions go on."""
        self._post(f"accounts/{email}", changes)

    def switch(self, **switches: object) -> None:
        """Set switches (see apps/sandbox/switches.py): `sandbox.switch(errors="503=1", times=2)`. A reset undoes them."""
        self._post("faults", switches)

    @contextmanager
    def switched(self, **switches: object) -> Iterator[None]:
        """Set switches for the length of a block, then put back what they were."""
        before = self._get("faults")
        self.switch(**switches)
        try:
            yield
        finally:
            self.switch(**before)

    def _post(self, path: str, body: dict[str, object] | None = None) -> None:
        response = requests.post(f"{self.url}/sandbox/{path}", json=body or {}, timeout=30)
        if response.status_code != 200:
            raise RuntimeError(f"The sandbox refused {path}: {response.text}")

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(
            f"{self.url}/sandbox/{path}", headers={"Accept": "application/json"}, timeout=30
        ).json()
        return answer


class SandboxProcess(Sandbox):
    """A running sandbox on a free port of 127.0.0.1, with the small seed in a database of its own.

    Started again with the same `folder` it finds what it held.
    Keywords are further settings, without their prefix and in small letters: `SandboxProcess(folder, ingest_delay=1)`.
    """

    PROGRAM: tuple[str, ...] = ("manage.py",)

    def __init__(self, folder: Path, **settings: object) -> None:
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        own = {f"SANDBOX_{name.upper()}": str(value) for name, value in settings.items()}
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "SANDBOX_PORT": str(self.port),
            "SANDBOX_DATABASE_URL": _database(folder),
            "SANDBOX_RESULTS_DIR": f"{folder}/results",
            **QUICK,
            **own,
        }
        self._log = folder / "sandbox.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it answers."""
        command = [sys.executable, *self.PROGRAM, "sandbox", "--port", str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=10)

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self._log.read_text()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            if listens(self.port):
                return
            time.sleep(0.05)
        raise RuntimeError(f"The sandbox did not start:\n{self.log}")


def _database(folder: Path) -> str:
    """A database for this folder alone: on the PostgreSQL server that SANDBOX_DATABASE_URL names, else SQLite."""
    server, _, _ = os.environ.get("SANDBOX_DATABASE_URL", "").rpartition("/")
    if not server.startswith("postgres"):
        return f"sqlite:///{folder}/sandbox.sqlite3"
    name = f"sandbox_{zlib.crc32(str(folder).encode())}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server}/{name}"


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One sandbox for all tests of a worker."""
    with SandboxProcess(tmp_path_factory.mktemp("sandbox")) as process:
        yield process


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """The sandbox, just seeded."""
    sandbox_process.reset()
    return sandbox_process
