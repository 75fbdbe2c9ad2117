"""What there is to know of a token. Its text is shown once, and kept nowhere."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils import timezone

from apps.accounts.models import Credential, User


class Scope(models.TextChoices):
    """What a token may be used for; nothing else."""

    PUSH = "push", "Push: check files and send them"
    PULL = "pull", "Pull: download records"
    UNDO = "undo", "Undo: put back what an upload changed"


class TokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions about tokens."""

    def usable(self) -> "TokenQuerySet":
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """A token of one person for programs of theirs. It can do nothing that the person could not.

    `prefix` is the part of its text that may be seen, `digest` the SHA-256 of all of it: the text has 256 random bits, so
    that nobody finds it from its digest. `sources` are identifiers of data sources; none means all.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    credential = models.OneToOneField(
        Credential, on_delete=models.SET_NULL, null=True, related_name="token"
    )  # the AuroraX API key that it works under
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…) of {self.user_id}"

    @property
    def is_expired(self) -> bool:
        """Whether its time is up."""
        return bool(self.expires_at <= timezone.now())

    @property
    def is_usable(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and not self.is_expired

    @property
    def needs_key(self) -> bool:
        """Whether AuroraX takes the key behind it no more, so that the person has to give another."""
        return self.credential is None or self.credential.ended_at is not None

    @property
    def state(self) -> str:
        """In a few words."""
        if self.revoked_at:
            return "Revoked"
        if self.is_expired:
            return "Expired"
        return "Needs your new API key" if self.needs_key else "Usable"

    @property
    def ended(self) -> datetime | None:
        """Since when it cannot be used."""
        return self.revoked_at or (self.expires_at if self.is_expired else None)

    @property
    def scope_words(self) -> str:
        """What it may do, in words of one."""
        return ", ".join(Scope(each).value for each in self.scopes)

    def allows(self, scope: str) -> bool:
        """Whether it may be used for this; with no scope in particular, for looking at what it has done."""
        return not scope or scope in self.scopes

    def reaches(self, identifier: int) -> bool:
        """Whether it may be used for this data source."""
        chosen: Sequence[int] = self.sources
        return not chosen or identifier in chosen
