"""An AuroraX that takes everything and keeps nothing: `python -m tests.bench.null_api PORT DELAY`.

It answers an upload with 202 after DELAY seconds, a search with nothing, and any question for a data source with one. So
what is measured against it is the sender alone. It shares the machine with the sender.
"""

import asyncio
import json
import sys

SOURCE = {
    "identifier": 1, "program": "bench", "platform": "bench", "instrument_type": "bench", "source_type": "ground",
    "display_name": "Bench", "owner": "owner@example.org", "maintainers": [], "metadata": {},
    "ephemeris_metadata_schema": [], "data_product_metadata_schema": [],
}  # fmt: skip
NOTHING = json.dumps({"result": []}).encode()
DONE = json.dumps(
    {"search_request": {}, "logs": [], "search_result": {"data_uri": "x", "completed_timestamp": "x"}}
).encode()


class Connection(asyncio.Protocol):
    """One kept connection. Bodies are counted, not kept."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._head = b""
        self._left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        while data:
            if not self._left:
                self._head += data
                head, found, data = self._head.partition(b"\r\n\r\n")
                if not found:
                    return
                self._head, self._request = b"", head.decode("latin-1")
                self._left = _length(self._request)
            taken = min(len(data), self._left)
            self._left -= taken
            data = data[taken:]
            if not self._left:
                self._answer()

    def _answer(self) -> None:
        method, path, _ = self._request.split(" ", 2)
        if method == "POST" and "/data_sources/" in path:
            asyncio.get_running_loop().call_later(self._delay, self._write, 202, b"")
        elif path.endswith("/search"):
            self._write(
                202,
                b"",
                "Location: http://127.0.0.1/api/v1/ephemeris/requests/00000000-0000-0000-0000-000000000000",
            )
        elif "/requests/" in path and "/data" not in path:
            self._write(200, DONE)
        elif "/search_synchronous" in path or "/requests/" in path:
            self._write(200, NOTHING)
        else:
            self._write(200, json.dumps(SOURCE if "/data_sources/" in path else [SOURCE]).encode())

    def _write(self, status: int, body: bytes, more: str = "X-Nothing: x") -> None:
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{more}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)  # type: ignore[attr-defined]


def _length(head: str) -> int:
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def serve(port: int, delay: float) -> None:
    """Until it is stopped."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(delay), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
