"""Notices for programs of people: a signed POST of JSON to the address they gave."""

import hashlib
import hmac
import http.client
import json
import time

from django.conf import settings

from apps.aurorax import times
from apps.notifications.models import Notice, NoticeWishes
from apps.outbound.public_addresses import AddressRefused, post

SIGNATURE = "X-AuroraX-Portal-Signature"
GOOD = range(200, 300)


class NotTaken(Exception):
    """The address did not take the notice; the message says why."""


def signature(secret: str, moment: int, body: bytes) -> str:
    """`t=…,v1=…`: HMAC-SHA-256, in hexadecimal, of the Unix time, a point, and the body. The time keeps an old request from
    being sent again by somebody else.
    """
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


def body_of(notice: Notice) -> bytes:
    """What is posted. `id` is the same each time that the same notice is tried."""
    told = {
        "id": notice.pk,
        "topic": notice.topic,
        "subject": notice.subject,
        "message": notice.message,
        "thing": notice.thing,
        "page": f"{settings.PORTAL_URL}{notice.path}",
        "at": times.write(notice.made_at),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def send(notice: Notice, wishes: NoticeWishes) -> None:
    """Raises `NotTaken`."""
    body = body_of(notice)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "aurorax-provider-portal",
        SIGNATURE: signature(wishes.webhook_secret, int(time.time()), body),
    }
    try:
        answer = post(wishes.webhook_url, body, headers)
    except AddressRefused as refused:
        raise NotTaken(refused.message) from refused
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(f"No answer: {type(error).__name__}.") from error
    if answer.status not in GOOD:
        raise NotTaken(f"It answered {answer.status}; 200 to 299 would count as taken.")
