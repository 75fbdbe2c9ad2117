"""People who have signed in, and the AuroraX credentials they signed in with, encrypted at rest."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from apps.accounts import encryption
from apps.aurorax import AuroraXCredential
from apps.permissions import Role


class UserManager(BaseUserManager["User"]):
    """Remembers the people AuroraX has vouched for."""

    def remember(self, *, username: str, email: str, **fields: Any) -> "User":
        """The person as AuroraX describes them now; made at their first sign-in, without a password."""
        user, _ = self.update_or_create(username=username, defaults=fields | {"email": email.strip().lower()})
        return user


class User(AbstractBaseUser):
    """Somebody with an AuroraX account. AuroraX keeps the password; `password` here is never usable.

    `username` is the e-mail address where AuroraX proved it. Behind an API key whose account AuroraX does not name, it
    is a fingerprint of the key: somebody who states another person's address never becomes that person here.
    """

    username = models.CharField(max_length=254, unique=True, editable=False)
    email = models.EmailField("e-mail address", max_length=254)
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role], default=Role.USER
    )
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    password = models.CharField(max_length=128, default="!", editable=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.email

    @property
    def email_is_proved(self) -> bool:
        """Whether AuroraX itself said that this is their address."""
        return self.username == self.email

    @property
    def is_administrator(self) -> bool:
        """Whether what others have made is open to them: by their role, and only where AuroraX has said who they are."""
        return self.role == Role.ADMINISTRATOR and self.email_is_proved

    @property
    def name(self) -> str:
        """What to call them: their name, or their address where AuroraX gave no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class CredentialQuerySet(models.QuerySet["Credential"]):
    """Questions about credentials."""

    def live(self) -> "CredentialQuerySet":
        """Those not ended by a sign-out nor found dead by AuroraX, and not kept for one piece of work alone."""
        return self.alive().filter(kept_for=None)

    def kept(self) -> "CredentialQuerySet":
        """Those that are kept for one piece of work."""
        return self.alive().exclude(kept_for=None)

    def alive(self) -> "CredentialQuerySet":
        """Both: all that have a secret."""
        return self.filter(ended_at__isnull=True)

    def of_browsers(self) -> "CredentialQuerySet":
        """Those of somebody who signed in; the others are keys that were given to a token."""
        return self.filter(is_for_token=False)


class Credential(models.Model):
    """One sign-in, which is one session of the portal: an access token or an API key. Uploads that run in the background
    refer to it. The secret is erased with the session, or when it was left unused for as long as one lasts.

    With `is_for_token` it is no sign-in but the key under which a program with a token works (`apps.tokens`): it serves
    nothing that somebody does in a browser, and lives as long as the token.
    """

    class Kind(models.TextChoices):
        """The two ways AuroraX knows a caller (API document: AccessToken, ApiKeyAuth)."""

        ACCESS_TOKEN = "access_token", "password"
        API_KEY = "api_key", "API key"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    encrypted_secret = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(default=timezone.now)  # when AuroraX last said who this is
    used_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    signed_out = models.BooleanField(
        default=False
    )  # by the person: its browser is signed out of the portal too
    kept_for = models.UUIDField(null=True, blank=True, db_index=True)  # the only job that may use it
    browser = models.CharField(max_length=40, blank=True)  # or the token, in words
    network = models.CharField(max_length=50, blank=True)  # shortened: `network.shortened`
    is_for_token = models.BooleanField(default=False)

    objects = CredentialQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user_id}, made {self.created_at:%Y-%m-%dT%H:%M:%S}"

    def opened(self) -> AuroraXCredential:
        """The credential as the client takes it, decrypted. Raises `encryption.UndecryptableSecret` when no key fits."""
        return AuroraXCredential(self.kind, encryption.decrypt(bytes(self.encrypted_secret)))

    def keep(self, secret: str) -> None:
        """Put `secret` here, encrypted, and count the credential as alive."""
        self.encrypted_secret = encryption.encrypt(secret)
        self.proved_at = self.used_at = timezone.now()
        self.ended_at = None
        self.save()

    def end(self) -> None:
        """Count it as dead and erase the secret."""
        self.encrypted_secret, self.ended_at = b"", timezone.now()
        self.save(update_fields=["encrypted_secret", "ended_at"])

    def sign_out(self) -> None:
        """The same because the person wants it: the browser is signed out as well, and nothing tells of it any more."""
        self.signed_out, self.browser, self.network = True, "", ""
        self.save(update_fields=["signed_out", "browser", "network"])
        self.end()
