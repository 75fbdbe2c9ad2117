"""Starting children."""

import atexit
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from apps.jobs.isolation.channel import Channel
from apps.jobs.isolation.waiting import Child, ChildEnded, Limits, Reason

ROOT = Path(__file__).resolve().parents[3]
ENDING = 5.0  # seconds until a server has ended
GOING = 0.5  # seconds from the end of a process until the system says so
PASSED_ON = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "POLARS_MAX_THREADS")


class ForkServer:
    """The process that forks children. Processes that are forked from this one share it: each request is one message."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-m", "apps.jobs.isolation.server", str(theirs.fileno()), *modules]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ}
            | {"OPENBLAS_NUM_THREADS": "1"},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the process that asks
        )
        theirs.close()

    def ask(self, message: bytes, files: Sequence[int]) -> None:
        """Ask for a child. Raises `OSError` when there is no server any more."""
        socket.send_fds(self._control, [message], files)

    def has_ended(self) -> bool:
        """Whether it is gone, or going just now. A process that did not start it takes it for gone."""
        try:
            self._process.wait(GOING)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """It ends when nobody can ask any more."""
        self._control.close()
        with suppress(ChildProcessError, subprocess.TimeoutExpired):
            self._process.wait(ENDING)


_lock = threading.Lock()
_server: ForkServer | None = None
_preloads: list[Callable[[], Iterable[str]]] = []


def preload(modules: Callable[[], Iterable[str]]) -> None:
    """Name modules that children need: a server loads them once."""
    _preloads.append(modules)


def start_server() -> ForkServer:
    """Have a server ready, so that the first child need not wait for one."""
    global _server  # noqa: PLW0603 - one for each process
    with _lock:
        if _server is None:
            _server = ForkServer(sorted({module for modules in _preloads for module in modules()}))
        return _server


def stop_server(which: ForkServer | None = None) -> None:
    """Let it go; the next child gets another one. With `which`, only if it is that one: other threads have children of the
    one that came after it.
    """
    global _server  # noqa: PLW0603 - one for each process
    with _lock:
        server = _server
        if server is None or which not in (None, server):
            return
        _server = None
    server.stop()


atexit.register(stop_server)


def _renew_lock() -> None:
    """In a forked process: the thread that held it is not there."""
    global _lock  # noqa: PLW0603 - one for each process
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)


@contextmanager
def start(
    function: Callable[..., None], *, files: Sequence[int], limits: Limits, **arguments: Any
) -> Iterator[Child]:
    """Call `function(channel, *files, **arguments)` in a child, for as long as the block lasts. The first file is for
    reading, others for both; all arguments are pickled. Raises `ChildEnded`.
    """
    with _ready_child(files, limits) as child:
        child.send(pickle.dumps((function, arguments)))
        yield child


@contextmanager
def _ready_child(files: Sequence[int], limits: Limits) -> Iterator[Child]:
    """A child that waits for its function, from another server where this one is gone."""
    with ExitStack() as ends:
        server = start_server()
        try:
            child = _ask(server, files, limits, ends)
        except (OSError, EOFError):
            ends.close()
            if server.has_ended():  # else only this child is gone, and others are at work
                stop_server(server)
            try:
                child = _ask(start_server(), files, limits, ends)
            except (OSError, EOFError):
                raise ChildEnded(Reason.ERROR, "The server does not answer.") from None
        yield child


def _ask(server: ForkServer, files: Sequence[int], limits: Limits, ends: ExitStack) -> Child:
    """A child that is killed when `ends` is closed. Raises `OSError` and `EOFError` when there is no server."""
    ours, theirs = socket.socketpair()
    status, reporting = os.pipe()
    ends.callback(os.close, status)
    ends.enter_context(ours)
    try:
        server.ask(limits.to_json(), [theirs.fileno(), reporting, *files])
    finally:
        theirs.close()
        os.close(reporting)
    child = Child(Channel(ours), status, limits)
    child.wait_until_ready()
    return child
