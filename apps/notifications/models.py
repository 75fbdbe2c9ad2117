"""What people are told, how each of them wants to be told, and what is still on its way."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.models import User


class Topic(models.TextChoices):
    """What a notice is about; people choose by it."""

    VERIFIED = "verified", "Arrived and verified, or undone"
    PAUSED = "paused", "Paused while AuroraX, or storage, does not answer"
    REFUSED = "refused", "Refused, not readable, or not complete"
    WAITS = "waits", "Waits for you: a question, a decision, a sign-in"
    QUIET = "quiet", "A data source of yours has gone quiet"
    MAINTAINER = "maintainer", "You were made a maintainer"
    OWNER = "owner", "A data source was handed over to you"


class MailWish(models.TextChoices):
    """How soon somebody wants an e-mail."""

    NEVER = "never", "No e-mail"
    DAILY = "daily", "Once a day, together"
    AT_ONCE = "at once", "At once"


USUAL_WISHES: Mapping[str, str] = {
    Topic.VERIFIED: MailWish.NEVER,
    Topic.PAUSED: MailWish.DAILY,
    Topic.REFUSED: MailWish.DAILY,
    Topic.WAITS: MailWish.DAILY,
    Topic.QUIET: MailWish.NEVER,
    Topic.MAINTAINER: MailWish.AT_ONCE,
    Topic.OWNER: MailWish.AT_ONCE,
}


class Notice(models.Model):
    """One thing that one person is told, once: `about` is the same for all that says the same again.

    `path` is the page about it. A notice of something that waits is read as soon as it waits no more.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    subject = models.CharField(max_length=300)
    message = models.TextField(blank=True)
    path = models.CharField(max_length=300)
    thing = models.CharField(max_length=60, blank=True)  # "upload <id>": what it is about
    about = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("person", "about"), name="a_notice_is_told_once"),)
        indexes = (
            models.Index(fields=("person", "-made_at"), name="notice_of_person"),
            models.Index(
                fields=("person",), name="unread_notice_of_person", condition=models.Q(read_at=None)
            ),
            models.Index(fields=("thing",), name="notice_about_thing"),
        )

    def __str__(self) -> str:
        return f"{self.topic} to {self.person_id}: {self.subject}"


class NoticeWishes(models.Model):
    """How one person wants to be told. Who has never said so has the usual wishes, and no webhook."""

    person = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="notice_wishes"
    )
    mail = models.JSONField(default=dict)  # topic -> wish
    webhook_url = models.CharField(max_length=500, blank=True)
    webhook_topics = models.JSONField(default=list)
    webhook_nonce = models.CharField(max_length=64, default=secrets.token_hex)

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"

    def mail_wish(self, topic: str) -> str:
        """How soon they want an e-mail about this."""
        return str(self.mail.get(topic) or USUAL_WISHES[topic])

    def wants_hook(self, topic: str) -> bool:
        """Whether their webhook is told of this."""
        return bool(self.webhook_url) and topic in self.webhook_topics

    @property
    def webhook_secret(self) -> str:
        """What their webhook is signed with: made of SECRET_KEY, so that the database alone does not tell it."""
        value = f"{self.person_id}:{self.webhook_nonce}"
        return salted_hmac("apps.notifications.webhook", value, algorithm="sha256").hexdigest()


class DeliveryWay(models.TextChoices):
    """By which way."""

    MAIL = "mail", "e-mail"
    HOOK = "webhook", "webhook"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about what is on its way."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those whose time has come, the oldest first."""
        return self.filter(due_at__lte=now).order_by("due_at")


class Delivery(models.Model):
    """One notice on its way by e-mail or to a webhook. `due_at` is when to try (again); None when it is over."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=DeliveryWay.choices)
    due_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)  # the last one, for whoever it concerns

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="a_notice_goes_each_way_once"),
        )

    def __str__(self) -> str:
        return f"{self.channel} of notice {self.notice_id}"
