"""Waiting for a child: its messages, how it ended, and what it may take."""

import json
import os
import select
import signal
import time
from dataclasses import dataclass
from enum import StrEnum

from apps.jobs.isolation.channel import Channel, Kind
from apps.jobs.isolation.child import OUT_OF_MEMORY, REQUEST

START = 60.0  # seconds that a server may take to load what it needs
ENDING = 5.0  # seconds for word of how a child ended


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
        limits = {"memory": self.memory, "cpu": max(2 * round(self.seconds), 1)}
        return json.dumps(limits).encode().ljust(REQUEST)


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
        report = os.read(self._status, 1024) if polling.poll(ENDING * 1000) else b""
        if not report:
            return ChildEnded(Reason.FAULT)
        how = json.loads(report)
        return _reason_of(how["reason"], how["status"], how["kilobytes"] * 1024, self._limits)


def _reason_of(reason: str, status: int, peak: int, limits: Limits) -> ChildEnded:
    code = os.waitstatus_to_exitcode(status)
    name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    if code == -signal.SIGXCPU:
        return ChildEnded(Reason.TIME, name)
    # Libraries abort where the system refuses them memory.
    is_refused = code == OUT_OF_MEMORY or (code == -signal.SIGABRT and peak > limits.memory // 2)
    return ChildEnded(Reason.MEMORY if reason or is_refused else Reason.FAULT, name)
