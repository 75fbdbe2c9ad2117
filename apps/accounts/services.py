"""Signing in with an AuroraX account."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from math import ceil
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts import limits
from apps.accounts.browsers import family_of
from apps.accounts.models import Credential, User
from apps.accounts.network import client_address, shortened
from apps.aurorax import Account, AuroraX, AuroraXCredential, errors
from apps.aurorax import sign_in as aurorax_sign_in
from apps.permissions import Role
from apps.permissions.addresses import folded, is_same

BACKEND = "apps.accounts.backends.AuroraXBackend"
SESSION_KEY = "aurorax_credential"
Proof = TypeVar("Proof")
NOTED_AT_MOST_EVERY = timedelta(minutes=1)
ANOTHER_KEY = "This is another key than the one you signed in with. Sign out, then sign in with it."


class SignInRefused(Exception):
    """Not signed in; `message` says why and what to do, `retry_after` how many seconds to wait first."""

    def __init__(self, message: str, *, retry_after: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


def sign_in_with_password(*, request: HttpRequest, email: str, password: str) -> User:
    """Start an AuroraX session (API: POST /authenticate) and a portal session with it. Raises `SignInRefused`."""
    identity = folded(email)
    buckets = limits.buckets_of(request, identity=identity, account=identity)
    signed_in = _limited(buckets, lambda: aurorax_sign_in(email, password))
    return _begin(request, signed_in.account, signed_in.credential)


def sign_in_with_api_key(*, request: HttpRequest, email: str, api_key: str) -> User:
    """Sign in with a key. Raises `SignInRefused`. The address may be the person's word only: see `_holder_of`."""
    buckets = limits.buckets_of(request, identity=name_of_key(api_key), account=f"key of {folded(email)}")
    account, username = _limited(buckets, lambda: _holder_of(api_key, email))
    return _begin(request, account, AuroraXCredential("api_key", api_key), username=username)


def accounts_seen_by(key: AuroraXCredential) -> list[Account] | None:
    """All accounts for an Administrator's key, None for any other valid key. Raises `NotSignedIn` for an unknown one."""
    try:
        return AuroraX(key).accounts.list()
    except errors.NotPermitted:
        return None


def sign_in_again(*, request: HttpRequest, credential: Credential, secret: str) -> User:
    """Put a fresh AuroraX session (or key) under an existing sign-in, and take over the role AuroraX says they have now.

    Only guesses in this very session count here. Raises `SignInRefused`.
    """
    user = credential.user
    buckets = [limits.Bucket(f"session:{credential.pk}", settings.SIGN_IN_ATTEMPTS)]
    if credential.kind == Credential.Kind.API_KEY:
        account, username = _limited(buckets, lambda: _holder_of(secret, user.email))
        if username != user.username:
            raise SignInRefused(ANOTHER_KEY)
    else:
        signed_in = _limited(buckets, lambda: aurorax_sign_in(user.email, secret))
        account, secret = signed_in.account, signed_in.credential.secret
    credential.user = request.user = _remember(account, user.username)
    credential.keep(secret)
    return credential.user


def session_credential(request: HttpRequest) -> Credential | None:
    """The credential this browser signed in with, alive or not. Read once for a request, which asks for it several times."""
    key = request.session.get(SESSION_KEY)
    if key is None or request.user.pk is None:
        return None
    wanted = (key, request.user.pk)
    known, credential = getattr(request, "credential_of_session", (None, None))
    if known != wanted:
        credential = Credential.objects.filter(pk=key, user__pk=request.user.pk).first()
        request.credential_of_session = wanted, credential  # type: ignore[attr-defined]
    return credential


def current_credential(request: HttpRequest) -> Credential | None:
    """The credential this browser signed in with, while it is alive."""
    credential = session_credential(request)
    return credential if credential and credential.ended_at is None else None


def mark_used(credential: Credential) -> None:
    """Remember that the credential is in use, so its 30 idle minutes start again; written once a minute at most."""
    if timezone.now() - credential.used_at > NOTED_AT_MOST_EVERY:
        credential.used_at = timezone.now()
        credential.save(update_fields=["used_at"])


def _begin(
    request: HttpRequest, account: Account, credential: AuroraXCredential, *, username: str = ""
) -> User:
    user = _remember(account, username or folded(account.email_address))
    kept = Credential(
        user=user,
        kind=credential.kind,
        browser=family_of(request),
        network=shortened(client_address(request)),
    )
    kept.keep(credential.secret)
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = kept.pk
    return user


def _remember(account: Account, username: str) -> User:
    """The person with name and role as AuroraX says they are now. Raises `SignInRefused` for a disabled account."""
    if account.disabled:
        raise SignInRefused("This AuroraX account is disabled. Ask the AuroraX team to open it again.")
    return User.objects.remember(
        username=username,
        email=account.email_address,
        role=Role(account.role),
        first_name=account.first_name or "",
        last_name=account.last_name or "",
        last_login=timezone.now(),
    )


def _holder_of(api_key: str, email: str) -> tuple[Account, str]:
    """Whose key this is, and the `User.username` that follows. Raises `SignInRefused` and `errors.AuroraXError`.

    Only an Administrator's key can list accounts, so only then does AuroraX itself tell e-mail address and role. With
    any other key the address is the person's word: what the portal shows follows from it, what is allowed is for
    AuroraX to say at every write. With several Administrators a key does not tell which of them it belongs to.
    """
    key = AuroraXCredential("api_key", api_key)
    accounts = accounts_seen_by(key)
    if accounts is None:
        role = _role_from_sources(AuroraX(key), email)
        return Account(email_address=email, role=role), name_of_key(api_key)
    administrators = [account for account in accounts if account.role == Role.ADMINISTRATOR]
    account = next((each for each in administrators if is_same(each.email_address, email)), None)
    if account is None:
        raise SignInRefused(f"This key is an Administrator's, and {email} is not. Check the e-mail address.")
    return account, name_of_key(api_key) if len(administrators) > 1 else folded(account.email_address)


def _role_from_sources(client: AuroraX, email: str) -> Role:
    """The least role that explains where this address stands on the data sources."""
    sources = client.sources.list()
    if any(is_same(source.owner, email) for source in sources):
        return Role.OWNER
    if any(is_same(entry, email) for source in sources for entry in source.maintainers):
        return Role.MAINTAINER
    return Role.USER


def name_of_key(api_key: str) -> str:
    """Tells keys apart without telling anything about them."""
    return "API key " + salted_hmac("apps.accounts.api_key", api_key, algorithm="sha256").hexdigest()[:24]


def _limited(buckets: Sequence[limits.Bucket], prove: Callable[[], Proof]) -> Proof:
    """Prove somebody, unless there were too many failures of late."""
    try:
        with limits.counted(buckets):
            return prove()
    except limits.TooManyAttempts as many:
        minutes = ceil(many.retry_after / 60)
        wait = f"{minutes} minute{'' if minutes == 1 else 's'}"
        raise SignInRefused(
            f"Too many attempts. Wait {wait}, then try again. A browser you have signed in with before need not wait.",
            retry_after=many.retry_after,
        ) from many
    except errors.AuroraXError as error:
        raise SignInRefused(_sentence(error)) from error


def _sentence(error: errors.AuroraXError) -> str:
    if isinstance(error, errors.NotSignedIn):
        return "AuroraX does not know this sign-in. Check the e-mail address and the password or API key."
    return error.message
