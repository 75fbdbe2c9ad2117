"""Notices as e-mail: all that are due for one person in one message, in plain text."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from apps.accounts.models import User
from apps.notifications.models import Notice

MOST = 50  # that are listed
FOOT = "You chose to be told of this: {address}"
GENERATED = {
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
}  # so that no absence answers (RFC 3834)


def message_of(person: User, notices: Sequence[Notice]) -> EmailMessage:
    """The message. Raises nothing; sending it does."""
    settings_page = f"{settings.PORTAL_URL}{reverse('notification-settings')}"
    parts = [_part(notice) for notice in notices[:MOST]]
    if len(notices) > MOST:
        parts.append(f"{len(notices) - MOST:,} more: {settings.PORTAL_URL}{reverse('notification-list')}")
    text = "\n\n".join([*parts, FOOT.format(address=settings_page)])
    return EmailMessage(
        _subject(notices), text, settings.DEFAULT_FROM_EMAIL, [person.email], headers=GENERATED
    )


def _subject(notices: Sequence[Notice]) -> str:
    """On one line, whatever a file is called."""
    first = " ".join(notices[0].subject.split())
    return first[:150] if len(notices) == 1 else f"{len(notices):,} notices of the AuroraX Provider Portal"


def _part(notice: Notice) -> str:
    at = f"{notice.made_at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [notice.subject, notice.message, at, f"{settings.PORTAL_URL}{notice.path}"]
    return "\n".join(line for line in lines if line)
