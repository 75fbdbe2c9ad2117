"""Telling somebody something: a line at the bell, and what follows from how they want to be told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Delivery, DeliveryWay, MailWish, Notice, NoticeWishes, Topic

DIGEST_HOUR = 6  # UTC


def wishes_of(person: User) -> NoticeWishes:
    """How they want to be told; not kept before they say so."""
    return NoticeWishes.objects.filter(person=person).first() or NoticeWishes(person=person)


def tell(
    *, person: User, topic: Topic, subject: str, message: str, path: str, about: str, thing: str = ""
) -> Notice | None:
    """Tell them, unless they were told the same before. What is told on its way goes when the transaction is there."""
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            person=person,
            about=about[:120],
            defaults={
                "topic": topic,
                "subject": subject[:300],
                "message": message,
                "path": path,
                "thing": thing,
            },
        )
        if is_new:
            _put_on_its_way(notice)
    return notice if is_new else None


def settle(thing: str, *, topics: tuple[Topic, ...] = (Topic.WAITS, Topic.PAUSED)) -> None:
    """What this thing waited for is done: nobody needs to be told of it any more."""
    Notice.objects.filter(thing=thing, topic__in=topics, read_at=None).update(read_at=timezone.now())


def can_mail(person: User) -> bool:
    """Whether there is a mail server, and AuroraX itself has said that this is their address."""
    return bool(settings.EMAIL_HOST) and person.email_is_proved


def next_digest(now: datetime) -> datetime:
    """When what is told once a day goes next."""
    today = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if now < today else today + timedelta(days=1)


def _put_on_its_way(notice: Notice) -> None:
    wishes, now = wishes_of(notice.person), timezone.now()
    wish = wishes.mail_wish(notice.topic)
    if can_mail(notice.person) and wish != MailWish.NEVER:
        due = now if wish == MailWish.AT_ONCE else next_digest(now)
        Delivery.objects.create(notice=notice, channel=DeliveryWay.MAIL, due_at=due)
    if wishes.wants_hook(notice.topic):
        Delivery.objects.create(notice=notice, channel=DeliveryWay.HOOK, due_at=now)
