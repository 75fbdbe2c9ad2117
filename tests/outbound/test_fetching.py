"""Fetching from addresses that people name: the guard holds at every redirect, and size and time are bounded."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from apps.outbound.fetching import FetchLimits, NotFetched, Validators, fetch
from apps.outbound.public_addresses import AddressRefused
from tests.feeds.conftest import DataServer

pytestmark = pytest.mark.any_database
LIMITS = FetchLimits(most_bytes=1000, seconds=5.0)


def got(url: str, limits: FetchLimits = LIMITS) -> bytes:
    into = io.BytesIO()
    fetch(url, into, Validators(), limits)
    return into.getvalue()


def test_redirects_are_followed_and_each_is_looked_at(data: DataServer, settings: Settings) -> None:
    data.files["/week.csv"] = b"epoch"
    data.redirects = {
        "/moved": "/week.csv",
        "/private": "https://192.168.7.7/week.csv",
        "/metadata": "https://169.254.169.254/latest/",
        "/plain": "http://data.example.org/week.csv",
        "/file": "file:///etc/hostname",
        "/round": "/round",
    }
    at = f"https://{data.host}"
    assert got(f"{at}/moved") == b"epoch"
    for path, said in (
        ("/private", "is in a private network"),
        ("/metadata", "is in a private network"),
        ("/plain", "https://"),
        ("/file", "Write an address"),
    ):
        with pytest.raises(AddressRefused, match=said):
            got(at + path)
    with pytest.raises(NotFetched, match="5 redirects"):
        got(f"{at}/round")
    only_here = LIMITS._replace(hosts=frozenset({data.host}))
    data.redirects["/away"] = "https://other.example.org/"
    assert got(f"{at}/moved", only_here) == b"epoch"
    with pytest.raises(AddressRefused, match="not among the hosts"):
        got(f"{at}/away", only_here)
    settings.OUTBOUND_HOSTS = []
    with pytest.raises(AddressRefused, match="private network"):
        got(f"{at}/week.csv", only_here)


def test_what_is_too_large_is_not_kept(data: DataServer) -> None:
    data.files["/week.csv"] = b"x" * 1001
    with pytest.raises(NotFetched, match="larger than"):
        got(data.url)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    data: DataServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotFetched, match="certificate"):
        got(data.url)


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that begins an answer, and never ends it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                try:
                    connection.sendall(head)
                    for _ in range(100):
                        connection.sendall(b"x")
                        time.sleep(0.02)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_an_answer_without_end_is_hung_up_on(settings: Settings, head: bytes) -> None:
    with dripping(head) as host:
        settings.OUTBOUND_HOSTS = [host]
        began = time.monotonic()
        with pytest.raises(NotFetched, match="took longer"):
            got(f"http://{host}/", LIMITS._replace(seconds=0.2))
        assert time.monotonic() - began < 1.5


def test_an_answer_that_breaks_off_is_no_file(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        host = f"127.0.0.1:{server.getsockname()[1]}"
        settings.OUTBOUND_HOSTS = [host]
        with pytest.raises(NotFetched, match="4 of 100 bytes"):
            got(f"http://{host}/")
