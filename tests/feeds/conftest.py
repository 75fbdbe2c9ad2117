"""Feeds of owner@example.org, and a web server with a certificate of its own."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.aurorax import DataSource
from apps.feeds.models import Feed
from apps.feeds.tasks import ask_for_looks
from tests.support.uploads import _no_waiting, csv_of, source  # noqa: F401

MakeFeed = Callable[..., Feed]


class DataServer:
    """Somebody's web server: files by path, answered with an ETag; and what was asked of it, with its conditions."""

    def __init__(self, certificate: Path) -> None:  # noqa: C901 - with the handler's ways to answer
        self.files, self.redirects = dict[str, bytes](), dict[str, str]()
        self.status, self.headers, self.asked = 200, dict[str, str](), list[tuple[str, str]]()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                condition = self.headers.get("If-None-Match", "")
                server.asked.append((self.path, condition))
                content = server.files.get(self.path)
                if place := server.redirects.get(self.path):
                    self._answer(302, Location=place)
                elif server.status != 200:
                    self._answer(server.status, b"", **server.headers)
                elif content is None:
                    self._answer(404)
                else:
                    etag = f'"{hash(content)}"'
                    body = b"" if condition == etag else content
                    self._answer(304 if condition == etag else 200, body, ETag=etag)

            def _answer(self, status: int, body: bytes = b"", /, **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"https://{self.host}/week.csv"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def data(certificate: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """A server that the operator allows, and whose certificate the machine trusts."""
    found = DataServer(certificate)
    threading.Thread(target=found.server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.OUTBOUND_HOSTS = [found.host]
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def make_feed(as_owner: Client, source: DataSource) -> MakeFeed:  # noqa: F811
    """Makes a feed by the form; it has looked for the first time then."""

    def make(address: str, **fields: Any) -> Feed:
        told = {
            "name": "weekly",
            "kind": "ephemeris",
            "place": "file",
            "address": address,
            "policy": "new",
            "minutes": "60",
            "api_key": "sandbox-key-owner",
        }
        answer = as_owner.post(reverse("feed-source", args=[source.identifier]), told | fields)
        assert answer.status_code == 302, answer.content.decode()
        return Feed.objects.latest("made_at")

    return make


def look(feed: Feed) -> Feed:
    """As a worker does it when the time has come."""
    Feed.objects.filter(pk=feed.pk).update(next_at=timezone.now())
    ask_for_looks()
    feed.refresh_from_db()
    return feed
