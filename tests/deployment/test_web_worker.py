"""`make run`'s own server, and the proxy of docker-compose.yml in front of it: clients that are slow, silent or gone."""

import errno
import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import requests
from gunicorn.config import Config

from portal import web_worker
from tests.support.clients import UNFINISHED, is_hung_up, unfinished
from tests.support.compose import ROOT
from tests.support.ports import free_port, listens
from tests.support.services import wait_until

pytestmark = pytest.mark.any_database
CLIENTS = 200
MOST_SECONDS = 10.0
# As web_worker.py has them, but for what would make the tests long.
IMPATIENT = """
from portal import web_worker
web_worker.GRACE = 2.0
"""


@contextmanager
def running(command: list[str], port: int, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server on this port for as long as the block lasts."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{log.parent}:{ROOT}", **variables}
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=file, stderr=file)
        try:
            wait_until(lambda: listens(port), process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the servers keep what they have."""
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def variables(folder: Path) -> dict[str, str]:
    """The tests' own settings, and nothing of the machine's."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "MEDIA_ROOT": str(folder / "files"),
        "UPLOAD_MAX_MEGABYTES": "2",
    }


@pytest.fixture(scope="module")
def web(folder: Path, variables: dict[str, str]) -> Iterator[int]:
    """The port of the portal as the Procfile starts it, with less patience. At the end it must not wait for anybody."""
    (folder / "sitecustomize.py").write_text(IMPATIENT)
    command = re.search(r"^web: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    assert command
    port = free_port()
    with running(
        [sys.executable, "-m", *command[1].split()],
        port,
        folder / "web.log",
        **variables,
        PORTAL_PORT=str(port),
    ) as server:
        yield port
        with unfinished(port, 20):
            server.terminate()
            assert server.wait(timeout=15) == 0


@pytest.fixture(scope="module")
def proxy(folder: Path, web: int) -> Iterator[int]:
    """The port of nginx with the configuration of docker-compose.yml; only addresses, folders and patience are moved."""
    port = free_port()
    moves = {
        "http://web:8000": f"http://127.0.0.1:{web}",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/tmp/": f"{folder}/",
        "/var/cache/nginx": str(folder),
        "client_header_timeout 15s": "client_header_timeout 2s",
        "client_body_timeout 30s": "client_body_timeout 2s",
        "client_max_body_size 17m": "client_max_body_size 2m",
    }
    text = (ROOT / "deploy/nginx.conf").read_text()
    for there, here in moves.items():
        assert there in text, there
        text = text.replace(there, here)
    (folder / "nginx.conf").write_text(text)
    with running(nginx(folder / "nginx.conf"), port, folder / "proxy.log"):
        yield port


def nginx(configuration: Path) -> list[str]:
    """How it is started, without Docker: as the user we are."""
    program = which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "Install it, on Debian with: apt-get install nginx-light"
    user = "user root; " if os.geteuid() == 0 else ""
    return [program, "-p", str(configuration.parent), "-c", str(configuration), "-g", f"{user}daemon off;"]


@pytest.fixture(params=["web", "proxy"])
def port(request: pytest.FixtureRequest) -> int:
    """Each of the two in turn."""
    found: int = request.getfixturevalue(request.param)
    return found


def test_pages_answer_beside_200_unfinished_connections(port: int) -> None:
    with unfinished(port, CLIENTS):
        for path in ("/healthz", "/sign-in/", "/sign-in/"):
            started = time.monotonic()
            answer = requests.get(f"http://127.0.0.1:{port}{path}", timeout=MOST_SECONDS)
            assert answer.status_code == 200, path
            assert time.monotonic() - started < MOST_SECONDS


@pytest.mark.parametrize("kind", UNFINISHED)
def test_who_does_not_finish_is_hung_up_on(port: int, kind: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(UNFINISHED[kind])
        assert is_hung_up(client)


def test_a_request_that_comes_in_small_pieces_is_answered(port: int) -> None:
    request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        for byte in request:
            client.sendall(bytes([byte]))
            time.sleep(0.005)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_arrives_whole(port: int, chunked: bool) -> None:
    session = requests.Session()
    page = session.get(f"http://127.0.0.1:{port}/sign-in/", timeout=60)
    assert page.status_code == 200
    form = (
        f"csrfmiddlewaretoken={session.cookies['csrftoken']}&email=nobody&password={'x' * 1_500_000}".encode()
    )
    blocks = [form[at : at + 100_000] for at in range(0, len(form), 100_000)]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Expect": "100-continue"}
    answer = session.post(page.url, iter(blocks) if chunked else form, headers=headers, timeout=60)
    assert (
        answer.status_code == 422
    )  # the form has been read to its end: no e-mail address, and a long password
    assert "nobody" in answer.text


def test_of_a_body_that_is_too_large_the_portal_sees_how_it_begins(web: int) -> None:
    session = requests.Session()
    page = session.get(f"http://127.0.0.1:{web}/sign-in/", timeout=60)
    fields = {"csrfmiddlewaretoken": session.cookies["csrftoken"], "email": "nobody"}
    answer = session.post(page.url, fields, files={"file": b"x" * 4_000_000}, timeout=60)
    assert answer.status_code == 422
    assert "nobody" in answer.text


def test_a_body_that_is_too_large_is_refused_by_the_proxy_in_a_sentence(proxy: int) -> None:
    answer = requests.post(f"http://127.0.0.1:{proxy}/sign-in/", b"x" * 3_000_000, timeout=60)
    assert answer.status_code == 413
    assert "split the file" in answer.text


def test_a_portal_that_is_away_is_told_and_asked_again(folder: Path, proxy: int, web: int) -> None:
    text = (folder / "nginx.conf").read_text()
    port = free_port()
    text = text.replace(f"127.0.0.1:{web}", f"127.0.0.1:{free_port()}").replace(str(proxy), str(port))
    (folder / "away.conf").write_text(text.replace("nginx.pid", "away.pid"))
    with running(nginx(folder / "away.conf"), port, folder / "away.log"):
        read = requests.get(f"http://127.0.0.1:{port}/", timeout=60)
        sent = requests.post(f"http://127.0.0.1:{port}/", {"a": "b"}, timeout=60)
    assert [read.status_code, sent.status_code] == [503, 503]
    assert "it is not known whether it has arrived" in read.text
    assert read.headers["Refresh"] == "10"
    assert "Refresh" not in sent.headers


def test_the_portal_is_told_who_asks_and_how(proxy: int, folder: Path) -> None:
    headers = {"X-Request-ID": "seen-by-both-1", "X-Forwarded-For": "203.0.113.9"}
    answer = requests.get(f"http://127.0.0.1:{proxy}/healthz", headers=headers, timeout=60)
    assert answer.headers["X-Request-ID"] == "seen-by-both-1"


def test_a_body_that_the_disk_has_no_room_for_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class FullDisk(io.BytesIO):
        def write(self, block: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda size: FullDisk())
    here, there = socket.socketpair()
    with here, there:
        worker = web_worker.BufferingWorker(1, 1, [], None, 30, Config(), None)
        told: list[str] = []
        environ = {"gunicorn.socket": here, "wsgi.input": io.BytesIO(b"a form")}
        worker._most_bytes = 1_000
        answer = b"".join(worker._answer(environ, lambda status, headers: told.append(status)))
        worker.tmp.close()
    assert told == ["507 Insufficient Storage"]
    assert b"send it again" in answer
