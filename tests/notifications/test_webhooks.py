"""Notices for programs: a receiver on this machine, and addresses that are refused."""

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.notifications import services
from apps.notifications.delivering import deliver
from apps.notifications.models import Delivery, NoticeWishes
from apps.outbound.public_addresses import AddressRefused, check_address, is_public, post
from tests.notifications.test_bell import say
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.any_database


class Receiver:
    """Somebody's program; answers `status`."""

    def __init__(self) -> None:
        self.status, self.headers, self.taken = 200, dict[str, str](), list[tuple[str, bytes]]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.headers = dict(self.headers)
                receiver.taken.append((self.path, body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/hook?from=portal"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.OUTBOUND_HOSTS = [found.host]
    settings.PORTAL_URL = "https://portal.example.org"
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def subscribe(receiver: Receiver) -> NoticeWishes:
    person = User.objects.get(username="owner@example.org")
    return services.choose(by=person, webhook_url=receiver.url, webhook_topics=["verified"])


def is_signed(receiver: Receiver, secret: str) -> bool:
    """As whoever receives it checks it: docs/operations.md."""
    parts = dict(each.split("=") for each in receiver.headers["X-AuroraX-Portal-Signature"].split(","))
    signed = f"{parts['t']}.".encode() + receiver.taken[-1][1]
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) < 60


def test_a_notice_arrives_with_its_signature(
    receiver: Receiver, as_owner: Client, upload_file: UploadFile
) -> None:
    wishes = subscribe(receiver)
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    deliver()
    ((path, body),) = receiver.taken
    told = json.loads(body)
    assert path == "/hook?from=portal"
    assert (told["topic"], told["thing"]) == ("verified", f"upload {upload.pk}")
    assert told["page"] == f"https://portal.example.org/uploads/{upload.pk}/"
    assert wishes.webhook_secret in as_owner.get(reverse("notification-settings")).content.decode()
    assert is_signed(receiver, wishes.webhook_secret)
    assert not is_signed(receiver, "another secret")
    assert Delivery.objects.get().delivered_at is not None


def test_another_secret_signs_from_then_on(receiver: Receiver, as_owner: Client) -> None:
    old = subscribe(receiver).webhook_secret
    as_owner.post(reverse("webhook-secret"))
    assert "took it" in as_owner.post(reverse("webhook-try"), follow=True).content.decode()
    assert not is_signed(receiver, old)
    assert is_signed(receiver, NoticeWishes.objects.get().webhook_secret)


def test_secrets_of_two_people_differ_and_are_not_in_the_database(
    receiver: Receiver, as_owner: Client, as_owner2: Client
) -> None:
    one = subscribe(receiver)
    other = NoticeWishes(
        person=User.objects.get(username="owner2@example.org"), webhook_nonce=one.webhook_nonce
    )
    assert one.webhook_secret not in ("", other.webhook_secret, one.webhook_nonce)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_tried_again_and_said(receiver: Receiver, as_owner: Client, status: int) -> None:
    subscribe(receiver)
    receiver.status = status
    say()
    deliver()
    found = Delivery.objects.get()
    assert (found.attempts, found.delivered_at, len(receiver.taken)) == (1, None, 1)
    assert f"It answered {status}" in as_owner.get(reverse("notification-settings")).content.decode()
    receiver.status = 204
    Delivery.objects.update(due_at=timezone.now())
    deliver()
    first, again = (json.loads(body)["id"] for _, body in receiver.taken)
    assert first == again
    assert Delivery.objects.get().delivered_at is not None


def test_topics_that_were_not_chosen_are_not_posted(receiver: Receiver, as_owner: Client) -> None:
    subscribe(receiver)
    say()
    services.choose(by=User.objects.get(), webhook_topics=[])
    deliver()  # chosen otherwise meanwhile
    say()
    deliver()
    assert receiver.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "https://",
        "https://me:secret@hooks.example.org/",
        "https://hooks.example.org/ x",
        "https://hooks.example.org/\r\nHost: x",
        "https://hooks.example.org:99999/",
        "javascript:alert(1)",
        "//hooks.example.org",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_on_the_form(as_owner: Client, url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url)
    answer = as_owner.post(reverse("notification-settings"), {"webhook_url": url})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::7f00:1", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"]
)
def test_this_machine_is_refused_when_it_is_connected_to(url: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        post(url, b"", {})


def test_a_name_that_means_a_private_address_is_refused_however_often_it_changes(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.OUTBOUND_HOSTS = []
    asked: list[str] = []

    def resolve(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        found = ["93.184.216.34", "127.0.0.1"]  # one of them is enough to refuse
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(AddressRefused, match="private network"):
        post("https://rebinding.example.org/", b"", {})
    assert (asked, receiver.taken) == (["rebinding.example.org"], [])


def test_what_was_looked_at_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    resolved = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: resolved)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError):
        post("https://hooks.example.org/", b"", {})
    assert connected == [("93.184.216.34", 443)]


def test_a_private_address_on_the_page_says_why_it_was_not_tried(as_owner: Client) -> None:
    services.choose(by=User.objects.get(), webhook_url="https://127.0.0.1/", webhook_topics=["verified"])
    page = as_owner.post(reverse("webhook-try"), follow=True).content.decode()
    assert "is in a private network" in page
