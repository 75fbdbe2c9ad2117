"""What people do about notices: read them, and say how they want to be told."""

import secrets
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Delivery, Notice, NoticeWishes, Topic
from apps.notifications.telling import wishes_of
from apps.notifications.webhooks import NotTaken, send

MOST_COUNTED = 99  # at the bell
TRIED = "This is how a notice looks: you asked for it on the page Settings, Notifications."


def unread(person: User) -> int:
    """How many they have not read; no more are counted than the bell can say."""
    return len(Notice.objects.filter(person=person, read_at=None).values("pk")[: MOST_COUNTED + 1])


def notices_of(person: User) -> QuerySet[Notice]:
    """All of theirs, the newest first."""
    return Notice.objects.filter(person=person)


def read(*, by: User, notice: Notice | None = None) -> None:
    """Count one of theirs as read, or all."""
    found = Notice.objects.filter(person=by, read_at=None)
    (found.filter(pk=notice.pk) if notice else found).update(read_at=timezone.now())


def choose(*, by: User, **chosen: Any) -> NoticeWishes:
    """Keep how they want to be told from now on; what is on its way goes as it was meant."""
    wishes, _ = NoticeWishes.objects.update_or_create(person=by, defaults=chosen)
    return wishes


def change_secret(*, by: User) -> None:
    """Sign with another secret from now on."""
    NoticeWishes.objects.filter(person=by).update(webhook_nonce=secrets.token_hex())


def try_webhook(*, by: User) -> str:
    """Post a notice that is kept nowhere; answers why that did not work, or nothing."""
    now = timezone.now()
    notice = Notice(
        pk=0, person=by, topic=Topic.VERIFIED, subject="Only a try", message=TRIED, path="/", made_at=now
    )
    try:
        send(notice, wishes_of(by))
    except NotTaken as trouble:
        return str(trouble)
    return ""


def troubles_of(person: User) -> QuerySet[Delivery]:
    """What did not reach them of late, the newest first."""
    return (
        Delivery.objects.filter(notice__person=person, delivered_at=None)
        .exclude(trouble="")
        .select_related("notice")
        .order_by("-pk")[:5]
    )
