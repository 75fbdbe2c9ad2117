"""The AuroraX API key behind a token: whose it is, and whether AuroraX still takes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from apps.accounts import limits
from apps.accounts.background import open_credential
from apps.accounts.models import Credential, User
from apps.accounts.roles import end_rights
from apps.accounts.services import accounts_seen_by, name_of_key
from apps.aurorax import Account, AuroraXCredential, errors
from apps.permissions import Role
from apps.permissions.addresses import is_same
from apps.tokens.models import ApiToken

PROVED_FOR = timedelta(minutes=5)  # that long what AuroraX said of a key is taken for what is so now
UNKNOWN = (
    "AuroraX does not know this API key. Copy it once more; asking AuroraX for a new key ends the old one."
)
ANOTHER = "This is another key than the one you signed in with."
NOT_ADMINISTRATORS = "This key is not an Administrator's, and you are one: it is not yours."
ADMINISTRATORS = "This key is an Administrator's, and you are none: it is not yours."
TOO_MANY = "Too many keys that AuroraX does not know. Wait a quarter of an hour, then try again."
Answer = TypeVar("Answer")


class KeyRefused(Exception):
    """The key cannot be kept; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def prove(*, by: User, api_key: str) -> None:
    """Ask AuroraX about a key this person gives. Raises `KeyRefused`, `errors.TryAgain`.

    Only an Administrator's key tells whose it is. With any other it is the person's word; what it allows is for AuroraX to
    say, and for the portal by the role of the person.
    """
    accounts = _limited(by, lambda: accounts_seen_by(AuroraXCredential("api_key", api_key)))
    if accounts is None:
        if by.role == Role.ADMINISTRATOR:
            raise KeyRefused(NOT_ADMINISTRATORS)
        if not by.email_is_proved and name_of_key(api_key) != by.username:
            raise KeyRefused(ANOTHER)
    elif not _is_administrator(accounts, by):
        raise KeyRefused(ADMINISTRATORS)


def check(token: ApiToken) -> AuroraXCredential:
    """The key behind a token, as the client takes it. Once in five minutes AuroraX is asked whether it takes it still.

    Raises `errors.NotSignedIn` where it does not, and where an Administrator is none any more. While AuroraX does not answer
    it counts as it did: whatever is asked of AuroraX then fails by itself.
    """
    credential = token.credential
    if credential is None or credential.ended_at is not None:
        raise errors.NotSignedIn
    opened = open_credential(credential)
    if timezone.now() - credential.proved_at > PROVED_FOR:
        _ask(token.user, credential, opened)
    return opened


def known_key(person: User) -> str:
    """A key of this person that the portal has and AuroraX takes; empty where there is none."""
    alive = person.credentials.live().filter(kind=Credential.Kind.API_KEY).order_by("-proved_at")
    for credential in alive:
        try:
            return open_credential(credential).secret
        except errors.NotSignedIn:
            continue
    return ""


def _ask(person: User, credential: Credential, opened: AuroraXCredential) -> None:
    try:
        accounts = accounts_seen_by(opened)
    except errors.NotSignedIn:
        credential.end()
        raise
    except errors.AuroraXError:
        return
    if (person.role == Role.ADMINISTRATOR) != (accounts is not None and _is_administrator(accounts, person)):
        end_rights(person)
        raise errors.NotSignedIn
    credential.proved_at = timezone.now()
    credential.save(update_fields=["proved_at"])


def _is_administrator(accounts: list[Account], person: User) -> bool:
    return any(
        is_same(each.email_address, person.email) and each.role == Role.ADMINISTRATOR and not each.disabled
        for each in accounts
    )


def _limited(by: User, ask: Callable[[], Answer]) -> Answer:
    """Ask AuroraX, unless this person has tried too many keys of late."""
    try:
        with limits.counted([limits.Bucket(f"key of a token:{by.pk}", settings.SIGN_IN_ATTEMPTS)]):
            return ask()
    except limits.TooManyAttempts:
        raise KeyRefused(TOO_MANY) from None
    except errors.NotSignedIn:
        raise KeyRefused(UNKNOWN) from None
