"""Clients that a server has to wait for: they say nothing, or stop in the middle."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UNFINISHED = {
    "silent": b"",
    "half a request line": b"GET /sign-i",
    "headers without an end": b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: 1\r\n",
    "no byte of a body": BODY + b"Content-Length: 1000\r\n\r\n",
    "half a body": BODY + b"Content-Length: 1000\r\n\r\nemail=a%40example.org",
    "a chunk without an end": BODY + b"Transfer-Encoding: chunked\r\n\r\n400\r\nemail=",
    "an upload that stops": b"POST /sources/1/ephemeris/upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n" + b"a" * 10_000,
}
KINDS = [*UNFINISHED.values()]


@contextmanager
def unfinished(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections to a port of this machine, of each kind in turn, that stay as they are while the block lasts."""
    with ExitStack() as stack:
        open_ones = []
        for number in range(count):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            client.sendall(KINDS[number % len(KINDS)])
            open_ones.append(client)
        yield open_ones


def is_hung_up(client: socket.socket) -> bool:
    """Whether the server has ended the connection; raises `TimeoutError` where it does not within the socket's timeout."""
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        pass
    return True
