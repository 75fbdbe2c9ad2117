"""Starting children, and listening to them."""

import atexit
import json
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from apps.jobs.isolation.channel import Channel, Kind
from apps.jobs.isolation.child import OUT_OF_MEMORY, REQUEST

ROOT = Path(__file__).resolve().parents[3]
START = 60.0  # seconds that a server may take to load what it needs
ENDING = 5.0  # seconds for word of how a child ended
PASSED_ON = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "POLARS_MAX_THREADS")


class Reason(StrEnum):
    """Why a child ended before it was done."""

    MEMORY = "memory"
    TIME = "time"
    FAULT = "fault"  # of the process: a signal
    ERROR = "error"  # of our own code: it says where


class ChildEnded(Exception):
    """A child ended before it was done."""

    def __init__(self, reason: Reason, details: str = "") -> None:
        super().__init__(f"{reason}: {details}" if details else str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """What one child may take. Time is what is spent waiting for it; processor time, of all its threads, may be twice that."""

    megabytes: int
    seconds: float

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.megabytes * 1024 * 1024

    def to_json(self) -> bytes:
        """For the server, which reads messages of one size."""
        told = {"memory": self.memory, "cpu": max(2 * round(self.seconds), 1)}
        return json.dumps(told).encode().ljust(REQUEST)


class Child:
    """A child at work, from the side of the process that waits for it."""

    def __init__(self, channel: Channel, status: int, limits: Limits) -> None:
        self._channel, self._status, self._limits = channel, status, limits
        self._waited = 0.0

    def send(self, payload: bytes) -> None:
        """Send it a message. Raises `ChildEnded`."""
        try:
            self._channel.send(payload)
        except OSError:
            raise self._ended() from None

    def receive(self, patience: float) -> bytearray | None:
        """Its next message; None when none came within `patience` seconds. Raises `ChildEnded`."""
        left = self._limits.seconds - self._waited
        began = time.monotonic()
        is_there = self._is_readable(max(min(patience, left), 0))
        self._waited += time.monotonic() - began
        if is_there:
            return self._next()
        if self._waited >= self._limits.seconds:
            raise ChildEnded(Reason.TIME)
        return None

    def wait_until_ready(self) -> None:
        """Until it is there. That is not its own time: the server may have to load everything first."""
        if not self._is_readable(START):
            raise ChildEnded(Reason.ERROR, "The server did not start in time.")
        self._channel.receive()
        self._channel.socket.settimeout(self._limits.seconds)

    def _next(self) -> bytearray:
        try:
            kind, payload = self._channel.receive(self._limits.memory)
        except TimeoutError:
            raise ChildEnded(Reason.TIME) from None
        except (EOFError, OSError):
            raise self._ended() from None
        except ValueError:
            raise ChildEnded(Reason.FAULT, "it said what it cannot say") from None
        if kind is Kind.FAULT:
            raise ChildEnded(Reason.ERROR, payload.decode())
        return payload

    def _is_readable(self, patience: float) -> bool:
        polling = select.poll()
        polling.register(self._channel.socket, select.POLLIN)
        return bool(polling.poll(patience * 1000))

    def _ended(self) -> ChildEnded:
        """How, as far as the server knows."""
        polling = select.poll()
        polling.register(self._status, select.POLLIN)
        told = os.read(self._status, 1024) if polling.poll(ENDING * 1000) else b""
        if not told:
            return ChildEnded(Reason.FAULT)
        how = json.loads(told)
        return _reason_of(how["reason"], how["status"], how["kilobytes"] * 1024, self._limits)


def _reason_of(reason: str, status: int, peak: int, limits: Limits) -> ChildEnded:
    code = os.waitstatus_to_exitcode(status)
    name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    if code == -signal.SIGXCPU:
        return ChildEnded(Reason.TIME, name)
    # Libraries abort where the system refuses them memory.
    is_refused = code == OUT_OF_MEMORY or (code == -signal.SIGABRT and peak > limits.memory // 2)
    return ChildEnded(Reason.MEMORY if reason or is_refused else Reason.FAULT, name)


class Server:
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

    def stop(self) -> None:
        """It ends when nobody can ask any more."""
        self._control.close()
        with suppress(ChildProcessError, subprocess.TimeoutExpired):
            self._process.wait(ENDING)


_lock = threading.Lock()
_server: Server | None = None
_preloads: list[Callable[[], Iterable[str]]] = []


def preload(modules: Callable[[], Iterable[str]]) -> None:
    """Name modules that children need: a server loads them once."""
    _preloads.append(modules)


def start_server() -> Server:
    """Have a server ready, so that the first child need not wait for one."""
    global _server  # noqa: PLW0603 - one for each process
    with _lock:
        if _server is None:
            _server = Server(sorted({module for modules in _preloads for module in modules()}))
        return _server


def stop_server() -> None:
    """Let it go; the next child gets another one."""
    global _server
    with _lock:
        server, _server = _server, None
    if server is not None:
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
        try:
            child = _ask(files, limits, ends)
        except (OSError, EOFError):
            ends.close()
            stop_server()
            try:
                child = _ask(files, limits, ends)
            except (OSError, EOFError):
                raise ChildEnded(Reason.ERROR, "The server does not answer.") from None
        yield child


def _ask(files: Sequence[int], limits: Limits, ends: ExitStack) -> Child:
    """A child that is killed when `ends` is closed. Raises `OSError` and `EOFError` when there is no server."""
    server = start_server()
    ours, theirs = socket.socketpair()
    status, told = os.pipe()
    ends.callback(os.close, status)
    ends.enter_context(ours)
    try:
        server.ask(limits.to_json(), [theirs.fileno(), told, *files])
    finally:
        theirs.close()
        os.close(told)
    child = Child(Channel(ours), status, limits)
    child.wait_until_ready()
    return child
