"""gunicorn's threaded worker, with the threads that wait for clients apart from the few that work.

gunicorn's own holds a thread from the first byte of a request to the last of its answer: a handful of connections that
send half a request and fall silent then hold all of them. Here a connection has a cheap thread that does nothing but
receive and send. The portal sees a request when all of it is there, and is done with it before the first byte goes out.
"""

import contextlib
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.db import connections
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

GRACE = 20.0  # seconds to send the headers, and to begin with the body
LEAST_RATE = 8_000  # bytes of a body a second, on average, beyond that
BLOCK = 64 * 1024  # bytes
IN_MEMORY = 1024 * 1024  # bytes; a longer body waits on disk
NO_ROOM = (
    b"The portal has no room for this request just now, and has kept nothing of it. Go back and send it again in a few "
    b"minutes, or tell whoever runs the portal."
)
Environ = dict[str, Any]
Answer = Iterable[bytes]


class BodyNotKept(Exception):
    """The body does not fit on the disk."""


class BufferingWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """`threads` is how many requests are worked on at once, `worker_connections` how many clients are waited for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._overdue_at: dict[socket.socket, float] = {}  # connections whose request is not here yet
        self._pool: ThreadPoolExecutor
        self._most_bytes: int  # of a body; of a longer one the portal only sees how it begins
        self._streams = threading.BoundedSemaphore(self.cfg.threads)
        self._application: Callable[..., Answer]
        self.wsgi: Callable[..., Answer]

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The threads that receive and send; there are only as many as there are clients."""
        return ThreadPoolExecutor(self.worker_connections, thread_name_prefix="client")

    def load_wsgi(self) -> None:
        """Put the waiting in front of the portal."""
        super().load_wsgi()
        self._most_bytes = (settings.UPLOAD_MAX_MEGABYTES + 1) * 1024 * 1024
        self._application, self.wsgi = self.wsgi, self._answer
        self._pool = ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="request")

    def handle(self, conn: TConn) -> object:
        """Receive a request and answer it, in a thread of the client's own."""
        self._overdue_at[conn.sock] = time.monotonic() + GRACE
        try:
            return super().handle(conn)
        finally:
            self._overdue_at.pop(conn.sock, None)

    def murder_pending(self) -> None:
        """Called every second: hang up on clients that take too long to send."""
        super().murder_pending()
        now = time.monotonic()
        self._hang_up(sock for sock, overdue_at in self._overdue_at.copy().items() if overdue_at < now)

    def handle_exit(self, *signal: Any) -> None:
        """End when what is being worked on is answered."""
        self._hang_up(self._overdue_at.copy())
        super().handle_exit(*signal)

    def handle_quit(self, *signal: Any) -> None:
        """End at once."""
        self._hang_up(self._overdue_at.copy())
        super().handle_quit(*signal)

    def _hang_up(self, sockets: Iterable[socket.socket]) -> None:
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _answer(self, environ: Environ, start_response: Callable[..., object]) -> Answer:
        """The WSGI application, as gunicorn calls it in the client's thread."""
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                self._receive(environ, body)
            except BodyNotKept:
                start_response("507 Insufficient Storage", [("Content-Type", "text/plain; charset=utf-8")])
                return [NO_ROOM]
            self._overdue_at.pop(environ["gunicorn.socket"], None)
            environ["wsgi.input"] = body
            answer = self._pool.submit(self._work, environ, start_response).result()
        if isinstance(answer, list | environ["wsgi.file_wrapper"]):
            return answer
        return _Streamed(answer, self._streams)

    def _receive(self, environ: Environ, body: IO[bytes]) -> None:
        """Take in the whole body, and keep how it begins where it is too large: the page that says so needs no more.

        Raises `BodyNotKept`, and `NoMoreData` where the client has gone or was hung up on.
        """
        sock, started, received = environ["gunicorn.socket"], time.monotonic(), 0
        while block := environ["wsgi.input"].read(BLOCK):
            received += len(block)
            self._overdue_at[sock] = started + GRACE + received / LEAST_RATE
            if received <= self._most_bytes:
                _keep(block, body)
            elif body.tell() > IN_MEMORY:
                body.truncate(IN_MEMORY)
                body.seek(IN_MEMORY)
        if received < int(environ.get("CONTENT_LENGTH") or 0):
            raise NoMoreData
        environ["CONTENT_LENGTH"] = str(
            received
        )  # a body in chunks has none, and Django would not look at it
        body.seek(0)

    def _work(self, environ: Environ, start_response: Callable[..., object]) -> Answer:
        """What the portal answers: all of it, unless it comes bit by bit (an export, a file)."""
        answer: Any = self._application(environ, start_response)
        if getattr(answer, "streaming", True):
            return answer  # type: ignore[no-any-return]
        try:
            return [*answer]
        finally:
            answer.close()


def _keep(block: bytes, body: IO[bytes]) -> None:
    try:
        body.write(block)
    except OSError as error:
        raise BodyNotKept from error


class _Streamed:
    """An answer that comes bit by bit in the client's own thread, where there are places for so many at once."""

    def __init__(self, answer: Any, places: threading.BoundedSemaphore) -> None:
        self._answer, self._places = answer, places
        places.acquire()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """Called by gunicorn, however it ended."""
        try:
            self._answer.close()
        finally:
            connections.close_all()  # of this thread, which has no other use for them
            self._places.release()
