"""Messages between a process and its child: their length, their kind, their bytes."""

import socket
import struct
from enum import IntEnum

HEAD = struct.Struct("<QB")  # bytes that follow, and their kind


class Kind(IntEnum):
    """What a message is: the child's first sign of life, one of the work itself, or where the work went wrong."""

    READY = 0
    MESSAGE = 1
    FAULT = 2


class Channel:
    """One end. Raises `EOFError` when the other end is closed."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected

    def send(self, payload: bytes, kind: Kind = Kind.MESSAGE) -> None:
        """Send one message."""
        self.socket.sendall(HEAD.pack(len(payload), kind))
        self.socket.sendall(payload)

    def receive(self, largest: int = 1 << 32) -> tuple[Kind, bytearray]:
        """The next message. Raises `ValueError` for one that cannot be."""
        size, kind = HEAD.unpack(self._exactly(HEAD.size))
        if size > largest:
            raise ValueError("A message of this size cannot be.")
        return Kind(kind), self._exactly(size)

    def _exactly(self, size: int) -> bytearray:
        found = bytearray(size)
        rest = memoryview(found)
        while rest:
            count = self.socket.recv_into(rest)
            if not count:
                raise EOFError
            rest = rest[count:]
        return found
