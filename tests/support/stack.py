"""The whole portal as `make run` starts it, on free ports and in a folder of its own: sandbox, web and worker."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from tests.support.ports import free_port
from tests.support.prepared import migrated_database, static_files
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


class Stack:
    """A running portal: `url`, and the AuroraX it works on, `sandbox`, at `sandbox_url`."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.portal_port, self.sandbox_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.portal_port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.sandbox = Sandbox(self.sandbox_url)
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "",
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "SANDBOX_DATABASE_URL": f"sqlite:///{folder}/sandbox.sqlite3",
            "SANDBOX_SEED": "small",
            "SANDBOX_PORT": str(self.sandbox_port),
            "PORTAL_PORT": str(self.portal_port),
            "AURORAX_API_URL": self.sandbox_url,
            "MEDIA_ROOT": str(folder / "files"),
            "TASK_QUEUE": "database",
            "CACHE": "memory",
            "PYTHONWARNINGS": "",
            **env,
        }
        self.env.pop("DJANGO_SETTINGS_MODULE", None)

    @contextmanager
    def running(self) -> Iterator["Stack"]:
        """Start the three processes on a migrated database, and stop them at the end."""
        shutil.copyfile(migrated_database(self.folder), self.folder / "portal.sqlite3")
        self.env["STATIC_ROOT"] = str(static_files(self.folder))
        with ExitStack() as processes:
            for name, command in self.commands().items():
                processes.enter_context(self._process(name, command))
            wait_until_answers(f"{self.sandbox_url}/", f"{self.url}/readyz")
            yield self

    def commands(self) -> dict[str, list[str]]:
        """What is started, as in the Procfile."""
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "portal.wsgi",
            "--threads",
            "4",
        ]
        return {
            "sandbox": self._manage("sandbox", "--port", str(self.sandbox_port)),
            "web": [*gunicorn, "--bind", f"127.0.0.1:{self.portal_port}"],
            "worker": self._manage("worker"),
        }

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    @contextmanager
    def _process(self, name: str, command: list[str]) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()


def wait_until_answers(*urls: str) -> None:
    """Come back when every address answers with a success; raise `TimeoutError` after two minutes."""
    deadline = time.monotonic() + START_SECONDS
    for url in urls:
        while not _answers(url):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{url} does not answer.")
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except (requests.ConnectionError, requests.Timeout):
        return False
