"""Many people in one process: each request carries the credential of the person who made it, and of nobody else."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread

import pytest

from apps.aurorax import AuroraX, AuroraXCredential

PEOPLE, REQUESTS_EACH = 8, 40


class Mirror(BaseHTTPRequestHandler):
    """Answers one data source whose owner is whoever the request's headers say; tries to plant a cookie, too."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        names = ("Authorization", "x-aurorax-api-key", "Cookie")
        seen = [self.headers[name] for name in names if name in self.headers]
        body = json.dumps([{"identifier": 1, "owner": " and ".join(seen) or "nobody"}]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", f"session={seen}; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def mirror() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_credentials_of_many_people_never_mix(mirror: str) -> None:
    together = Barrier(PEOPLE)

    def seen_as(number: int) -> tuple[str | None, set[str | None]]:
        kind = "api_key" if number % 2 else "access_token"
        secret = f"secret {number}" if number else None
        credential = AuroraXCredential(kind, secret) if secret else None
        together.wait()
        return secret, {AuroraX(credential, mirror).sources.list()[0].owner for _ in range(REQUESTS_EACH)}

    with ThreadPoolExecutor(PEOPLE) as threads:
        for secret, owners in threads.map(seen_as, range(PEOPLE)):
            assert owners == {secret or "nobody"}


def test_two_clients_taking_turns_never_mix(mirror: str) -> None:
    one, two = (AuroraX(AuroraXCredential("api_key", name), mirror) for name in ("one", "two"))
    nobody = AuroraX(base_url=mirror)
    seen = [client.sources.list()[0].owner for client in (one, two, nobody, one, nobody, two)]
    assert seen == ["one", "two", "nobody", "one", "nobody", "two"]


def test_clients_of_two_people_share_nothing_that_differs() -> None:
    one, two = (AuroraX(AuroraXCredential("api_key", name)) for name in ("one", "two"))
    assert one._transport.credential != two._transport.credential
    assert not [name for name, value in vars(AuroraX).items() if isinstance(value, dict | list | set)]
