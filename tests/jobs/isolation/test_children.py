"""Children that are started side by side, by threads of one process as a worker's are, and what ends them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from apps.jobs import isolation
from apps.jobs.isolation import Child, ChildEnded, Limits, client
from tests.support import isolated

LIMITS = Limits(megabytes=500, seconds=30)
ASKING = """
import sys, tempfile, time
from apps.jobs import isolation
from tests.support import isolated
with tempfile.TemporaryFile() as file:
    limits = isolation.Limits(megabytes=500, seconds=30)
    with isolation.start(isolated.stay, files=[file.fileno()], limits=limits) as child:
        print(child.receive(30).decode(), flush=True)
        time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _own_server() -> Iterator[None]:
    isolation.start_server()
    yield
    isolation.stop_server()


def copied(number: int) -> tuple[str, bytes]:
    """What one child answers and writes."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(f"file {number}".encode())
        source.seek(0)
        files = [source.fileno(), target.fileno()]
        with isolation.start(isolated.copy, files=files, limits=LIMITS, name=f"child {number}") as child:
            answer = child.receive(30)
        assert answer is not None
        target.seek(0)
        return answer.decode().rpartition(" ")[0], target.read()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def is_running(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def soon(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return is_so()


def test_each_of_many_threads_gets_a_child_with_its_own_files_and_none_stays_open() -> None:
    copied(0)
    before = open_files()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(copied, range(60)))
    assert answers == [(f"child {n}", f"file {n}".encode()) for n in range(60)]
    assert open_files() == before


def test_threads_that_all_find_the_server_gone_start_one_and_end_nobody_elses_child() -> None:
    lost = isolation.start_server()
    os.kill(lost._process.pid, signal.SIGKILL)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(copied, range(24)))
    assert answers == [(f"child {n}", f"file {n}".encode()) for n in range(24)]
    following = isolation.start_server()
    isolation.stop_server(lost)  # a thread that learns of it late
    assert isolation.start_server() is following


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_process_that_asked_is_the_end_of_its_children(sent: signal.Signals) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASKING], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    with asking, asking.stdout:
        child = int(asking.stdout.readline())
        assert is_running(child)
        asking.send_signal(sent)
        asking.wait(10)
    assert soon(lambda: not is_running(child))


def test_a_child_is_killed_when_its_block_ends() -> None:
    with tempfile.TemporaryFile() as file:
        with isolation.start(isolated.stay, files=[file.fileno()], limits=LIMITS) as child:
            pid = int(child.receive(30) or 0)
            assert is_running(pid)
        assert soon(lambda: not is_running(pid))


def test_a_server_that_cannot_start_a_child_is_not_taken_for_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    server = isolation.start_server()
    answers = [EOFError, None]
    really_ask = client._ask

    def refused_once(*args: object) -> Child:
        if answers.pop(0):
            raise EOFError
        return really_ask(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "_ask", refused_once)
    assert copied(1) == ("child 1", b"file 1")
    assert isolation.start_server() is server


def test_one_that_never_answers_is_an_error_and_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object) -> Child:
        raise EOFError

    monkeypatch.setattr(client, "_ask", refused)
    with pytest.raises(ChildEnded, match="does not answer"):
        copied(1)
