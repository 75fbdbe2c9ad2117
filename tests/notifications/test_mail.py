"""Notices as e-mail, to a mail server that is one."""

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.jobs.recovery import recover_all
from apps.notifications import delivering, services, tasks, telling
from apps.notifications.delivering import deliver
from apps.notifications.models import Delivery, MailWish, Notice, Topic
from apps.uploads.models import Upload
from tests.notifications.test_bell import say
from tests.support.ports import free_port
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes


class Post:
    """What the mail server has taken; `trouble` is what it answers instead."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.trouble = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.trouble:
            return self.trouble
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 OK"


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    handler = Post()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.PORTAL_URL = "https://portal.example.org"
    yield handler
    server.stop()


def wish(name: str = "owner", **mail: str) -> None:
    person = User.objects.get(username=f"{name}@example.org")
    services.choose(by=person, mail=mail)


def test_an_upload_that_arrived_is_mailed_at_once(
    post: Post, as_owner: Client, upload_file: UploadFile
) -> None:
    wish(verified=MailWish.AT_ONCE)
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    recover_all()  # what every worker does every few seconds
    ((to, letter),) = post.letters
    assert to == ["owner@example.org"]
    assert letter["Subject"] == f"Verified: day.csv for {upload.source_name}"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_content()
    assert f"https://portal.example.org/uploads/{upload.pk}/" in text
    assert "All 3 ephemeris records were read back from AuroraX with equal values." in text
    assert "https://portal.example.org/settings/notifications/" in text
    recover_all()
    deliver()
    assert len(post.letters) == 1


def test_what_is_told_once_a_day_comes_in_one_letter(post: Post, as_owner: Client) -> None:
    wish(verified=MailWish.DAILY, refused=MailWish.DAILY)
    for topic in (Topic.VERIFIED, Topic.VERIFIED, Topic.REFUSED):
        say(topic=topic)
    deliver()
    assert post.letters == []
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    deliver()
    ((_, letter),) = post.letters
    assert letter["Subject"] == "3 notices of the AuroraX Provider Portal"


@pytest.mark.parametrize(("hour", "days"), [(3, 0), (6, 1), (23, 1)])
def test_a_digest_goes_at_six(hour: int, days: int) -> None:
    now = datetime(2026, 3, 1, hour, tzinfo=UTC)
    assert telling.next_digest(now) == datetime(2026, 3, 1, 6, tzinfo=UTC) + timedelta(days=days)


def test_who_wants_no_mail_gets_none(post: Post, as_owner: Client) -> None:
    wish(verified=MailWish.NEVER)
    say()
    assert not Delivery.objects.exists()


def test_a_mail_server_that_is_away_is_tried_again(
    post: Post, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(verified=MailWish.AT_ONCE)
    say()
    post.trouble = "451 come again later"
    deliver()
    found = Delivery.objects.get()
    assert (found.attempts, found.delivered_at) == (1, None)
    assert found.due_at is not None
    assert found.due_at > timezone.now()
    page = as_owner.get(reverse("notification-settings")).content.decode()
    assert "The mail server did not take it" in page
    post.trouble = ""
    Delivery.objects.update(due_at=timezone.now())
    deliver()
    assert len(post.letters) == 1
    assert "did not take it" not in as_owner.get(reverse("notification-settings")).content.decode()


def test_trying_ends_some_time(post: Post, as_owner: Client) -> None:
    wish(verified=MailWish.AT_ONCE)
    say()
    post.trouble = "550 never"
    for _ in range(delivering.MOST_ATTEMPTS):
        Delivery.objects.exclude(due_at=None).update(due_at=timezone.now())
        deliver()
    assert Delivery.objects.get().due_at is None


def test_a_worker_that_died_while_it_sent_is_followed_by_another(post: Post, as_owner: Client) -> None:
    wish(verified=MailWish.AT_ONCE)
    say()
    (delivery,) = Delivery.objects.all()
    assert delivering._claim(delivery)
    assert not delivering._claim(delivery)  # for nobody else meanwhile
    deliver()
    assert post.letters == []
    Delivery.objects.update(due_at=timezone.now())
    deliver()
    assert len(post.letters) == 1


def test_what_waits_no_more_is_not_mailed(post: Post, as_owner: Client) -> None:
    wish(waits=MailWish.AT_ONCE)
    say(topic=Topic.WAITS, thing="upload 1")
    telling.settle("upload 1")
    deliver()
    assert post.letters == []
    assert Delivery.objects.get().due_at is None


def test_an_address_that_was_only_stated_gets_no_mail(
    post: Post, client: Client, portal: SandboxProcess
) -> None:
    form = {"email": "owner2@example.org", "api_key": "sandbox-key-owner"}
    client.post(f"{reverse('sign-in')}?with=key", form)
    person = User.objects.get(email="owner2@example.org")
    services.choose(by=person, mail={"verified": MailWish.AT_ONCE})
    telling.tell(person=person, topic=Topic.VERIFIED, subject="s", message="", path="/", about="x")
    assert not Delivery.objects.exists()
    assert "no e-mail is sent to it" in client.get(reverse("notification-settings")).content.decode()


def test_a_name_of_a_file_adds_no_header(post: Post, as_owner: Client) -> None:
    wish(verified=MailWish.AT_ONCE)
    say()
    Notice.objects.update(subject="Verified: a\r\nBcc: everybody@example.org")
    deliver()
    ((to, letter),) = post.letters
    assert (to, letter["Bcc"]) == (["owner@example.org"], None)


def test_without_a_mail_server_the_page_says_so_and_all_works(
    as_owner: Client, upload_file: UploadFile, settings: Settings
) -> None:
    settings.EMAIL_HOST = ""
    wish(verified=MailWish.AT_ONCE)
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    recover_all()
    assert Upload.objects.get().is_verified
    assert not Delivery.objects.exists()
    page = as_owner.get(reverse("notification-settings")).content.decode()
    assert "has no mail server, so it sends no e-mail" in page


def test_wishes_are_kept_for_each_topic(as_owner: Client) -> None:
    form = {f"mail-{n}": MailWish.DAILY for n in range(len(Topic))} | {"hook-0": "on"}
    answer = as_owner.post(reverse("notification-settings"), form | {"mail-1": MailWish.NEVER})
    assert answer.status_code == 302
    wishes = telling.wishes_of(User.objects.get())
    assert (wishes.mail_wish(Topic.PAUSED), wishes.mail_wish(Topic.OWNER)) == (MailWish.NEVER, MailWish.DAILY)
    assert wishes.webhook_topics == [Topic.VERIFIED]
    assert as_owner.post(reverse("notification-settings"), {"mail-0": "hourly"}).status_code == 422


def test_a_queue_is_asked_once_for_many(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch, post: Post
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, *args: asked.append(task))
    wish(verified=MailWish.AT_ONCE)
    for _ in range(3):
        say()
        tasks.ask_for_delivery()
    assert len(asked) == 1
