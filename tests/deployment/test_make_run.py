"""`make run`: three processes, until Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.support import compose
from tests.support.ports import free_port, listens
from tests.support.services import wait_until

STOP_SECONDS = 20
NEEDED = ["Makefile", "Procfile", "requirements-dev.txt"]


@dataclass(frozen=True)
class Clone:
    """A copy of the project whose packages are installed already, and the ports it is told to use."""

    folder: Path
    portal_port: int
    sandbox_port: int

    def make_run(self, output: Path) -> subprocess.Popen[bytes]:
        """`make run` as a terminal starts it: in a process group of its own, which Ctrl-C reaches as a whole."""
        variables = {
            "PATH": os.environ["PATH"],
            "PORTAL_PORT": str(self.portal_port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "SANDBOX_SEED": "small",
            "AURORAX_API_URL": f"http://127.0.0.1:{self.sandbox_port}",
        }
        with output.open("w") as file:
            return subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=variables,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """The project as `git clone` and an earlier `make run` leave it, but for the databases."""
    folder = tmp_path / "clone"
    folder.mkdir()
    compose.lay_out(folder)
    for name in NEEDED:
        shutil.copy2(compose.ROOT / name, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    return Clone(folder, free_port(), free_port())


def test_it_runs_portal_worker_and_sandbox_until_ctrl_c(clone: Clone, tmp_path: Path) -> None:
    output = tmp_path / "output"
    portal = f"http://127.0.0.1:{clone.portal_port}"
    running = clone.make_run(output)
    try:
        wait_until(lambda: listens(clone.portal_port) and listens(clone.sandbox_port), running, seconds=120)
        assert "owner@example.org" in requests.get(f"{portal}/sign-in/", timeout=60).text
    finally:
        os.killpg(running.pid, signal.SIGINT)
        running.wait(timeout=STOP_SECONDS)
    # make ends by the signal too, unless whoever started the tests had it ignored.
    assert running.returncode in (0, -signal.SIGINT)
    shown = output.read_text()
    assert "***" not in shown, "make calls it an error"
    assert f"The portal is at {portal}" in shown
    assert "sandbox-maintainer" in shown
    assert "Traceback" not in shown
    assert not listens(clone.portal_port)
    assert not listens(clone.sandbox_port)


def test_it_stops_with_a_sentence_when_its_port_is_taken(clone: Clone, tmp_path: Path) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", clone.sandbox_port))
        other_program.listen()
        running = clone.make_run(tmp_path / "output")
        assert running.wait(timeout=120) != 0
    shown = (tmp_path / "output").read_text()
    assert f"Port {clone.sandbox_port} on 127.0.0.1 is taken, so the sandbox cannot start." in shown
    assert not listens(clone.portal_port)
