"""As much of an S3-compatible store as the portal uses, in memory and on loopback: put, get, list, look at and delete objects."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Objects = dict[str, bytes]


class _Handler(BaseHTTPRequestHandler):
    """Paths are /bucket/key. `objects` is set by `bucket`."""

    objects: Objects
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        """Keep an object."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = b"".join(_chunks(body))
        self.objects[self._key] = body
        self._answer(200)

    def do_GET(self) -> None:
        """The object, or the part of it that is asked for."""
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self._answer(200, self._listed(query.get("prefix", [""])[0]))
            return
        found = self.objects.get(self._key)
        if found is None:
            self._answer(404)
            return
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        part = found[int(first) : int(last) + 1 if last else None]
        self._answer(206 if "Range" in self.headers else 200, part)

    def do_HEAD(self) -> None:
        """Whether there is one, and how large it is."""
        found = self.objects.get(self._key)
        self._answer(404 if found is None else 200, found or b"")

    def do_DELETE(self) -> None:
        """Forget it."""
        self.objects.pop(self._key, None)
        self._answer(204)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _listed(self, prefix: str) -> bytes:
        """What is under a prefix: each with its size, and an ETag of its own."""
        start = f"{self._key.rstrip('/')}/"
        keys = (key for key in sorted(self.objects) if key.startswith(start + prefix))
        rows = "".join(
            f"<Contents><Key>{key.removeprefix(start)}</Key><ETag>{hash(self.objects[key])}</ETag>"
            f"<Size>{len(self.objects[key])}</Size></Contents>"
            for key in keys
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    @property
    def _key(self) -> str:
        return urlsplit(self.path).path

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string())
        self.send_header("ETag", '"any"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _chunks(body: bytes) -> Iterator[bytes]:
    """What is in a body that is sent in signed pieces: `<size in hex>;…CRLF<bytes>CRLF`, and a trailer after size 0."""
    while body:
        head, _, body = body.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            return
        yield body[:size]
        body = body[size + 2 :]


@contextmanager
def bucket(port: int) -> Iterator[Objects]:
    """A store on this port for as long as the block lasts; yields its objects by path."""
    objects: Objects = {}
    handler = type("Handler", (_Handler,), {"objects": objects})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield objects
    finally:
        server.shutdown()
        server.server_close()
