"""A server that ends connections as no well-kept server does, at chosen places."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

RECEIVE = 65536  # bytes


class MisbehavingServer:
    """Answers each connection with the next of `answers` (raw bytes, possibly too few) and closes it."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while self.answers:
            connection, _ = self._socket.accept()
            with connection:
                self.requests.append(connection.recv(RECEIVE))
                connection.sendall(self.answers.pop(0))
        self._socket.close()


@contextmanager
def misbehaving(*answers: bytes) -> Iterator[MisbehavingServer]:
    """Run one for a test; its thread ends with the last answer."""
    server = MisbehavingServer(list(answers))
    server._thread.start()
    yield server
    server._thread.join(timeout=5)


def answer(body: bytes, *, length: int | None = None, head: str = "200 OK") -> bytes:
    """An HTTP answer, whose Content-Length may be a lie."""
    declared = len(body) if length is None else length
    return (
        f"HTTP/1.1 {head}\r\nContent-Type: application/json\r\nContent-Length: {declared}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body
