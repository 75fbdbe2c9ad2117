"""Bringing notices on their way to their end: a chore of every worker.

A delivery is put off before it is tried, so that no other worker tries it meanwhile, and one that died is tried again.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications import mail, webhooks
from apps.notifications.models import Delivery, DeliveryWay, Topic
from apps.notifications.telling import can_mail, wishes_of

logger = logging.getLogger(__name__)
MOST = 100  # deliveries of one look: workers have more to do
PUT_OFF = timedelta(minutes=5)
WAITS_FOR_TIME = timedelta(minutes=2)  # twice as long after each attempt
MOST_ATTEMPTS = 9  # the last after some seventeen hours
NOT_ANY_MORE = (Topic.WAITS, Topic.PAUSED)  # need nobody once they are read


def deliver() -> int:
    """Send what is due. Wakes nobody, so it answers 0."""
    claimed = [each for each in _due() if _claim(each)]
    by_person = defaultdict[User, list[Delivery]](list)
    for delivery in claimed:
        if _is_old_news(delivery):
            _end(delivery)
        elif delivery.channel == DeliveryWay.HOOK:
            _hook(delivery)
        else:
            by_person[delivery.notice.person].append(delivery)
    for person, deliveries in by_person.items():
        _mail(person, deliveries)
    return 0


def _due() -> Iterable[Delivery]:
    return Delivery.objects.due(timezone.now()).select_related("notice__person")[:MOST]


def _claim(delivery: Delivery) -> bool:
    """Whether it is ours to try now."""
    row = Delivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at)
    return bool(row.update(due_at=timezone.now() + PUT_OFF))


def _is_old_news(delivery: Delivery) -> bool:
    return delivery.notice.read_at is not None and delivery.notice.topic in NOT_ANY_MORE


def _hook(delivery: Delivery) -> None:
    wishes = wishes_of(delivery.notice.person)
    if not wishes.wants_hook(delivery.notice.topic):
        _end(delivery)
        return
    try:
        webhooks.send(delivery.notice, wishes)
    except webhooks.NotTaken as trouble:
        _failed([delivery], str(trouble))
    else:
        _end(delivery, is_there=True)


def _mail(person: User, deliveries: Sequence[Delivery]) -> None:
    if not can_mail(person) or not person.is_active:
        for delivery in deliveries:
            _end(delivery)
        return
    notices = [each.notice for each in deliveries]
    try:
        message = mail.message_of(person, notices)
        message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        message.send()
    except (OSError, SMTPException) as error:
        _failed(deliveries, f"The mail server did not take it: {type(error).__name__}.")
        return
    for delivery in deliveries:
        _end(delivery, is_there=True)


def _end(delivery: Delivery, *, is_there: bool = False) -> None:
    delivered_at = timezone.now() if is_there else None
    Delivery.objects.filter(pk=delivery.pk).update(due_at=None, delivered_at=delivered_at, trouble="")


def _failed(deliveries: Sequence[Delivery], trouble: str) -> None:
    """Later again, or never more."""
    for delivery in deliveries:
        logger.warning("%s was not delivered: %s", delivery, trouble)
        attempts = delivery.attempts + 1
        later = timezone.now() + WAITS_FOR_TIME * 2**attempts if attempts < MOST_ATTEMPTS else None
        Delivery.objects.filter(pk=delivery.pk).update(attempts=attempts, due_at=later, trouble=trouble[:300])
