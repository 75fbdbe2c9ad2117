"""Signing in and out with an AuroraX account."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.models import Credential, User
from apps.aurorax import Account, AuroraX, AuroraXCredential, errors
from apps.aurorax import sign_in as aurorax_sign_in
from apps.permissions import Role
from apps.permissions.addresses import is_same

BACKEND = "apps.accounts.backends.AuroraXBackend"
SESSION_KEY = "aurorax_credential"
Proof = TypeVar("Proof")
ATTEMPTS_WINDOW = 15 * 60  # seconds
NOTED_AT_MOST_EVERY = timedelta(minutes=1)


class SignInRefused(Exception):
    """Not signed in; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def sign_in_with_password(*, request: HttpRequest, email: str, password: str) -> User:
    """Start an AuroraX session (API: POST /authenticate) and a portal session with it. Raises `SignInRefused`."""

    def prove() -> tuple[Account, AuroraXCredential]:
        signed_in = aurorax_sign_in(email, password)
        return signed_in.account, signed_in.credential

    account, credential = _limited(request, email, prove)
    return _begin(request, account, credential)


def sign_in_with_api_key(*, request: HttpRequest, email: str, api_key: str) -> User:
    """Sign in with a key. Raises `SignInRefused`.

    Only an Administrator's key can list accounts, so only then does AuroraX itself tell e-mail address and role. With
    any other key the address is the person's word: what the portal shows follows from it, what is allowed is for
    AuroraX to say at every write.
    """
    key = AuroraXCredential("api_key", api_key)
    accounts = _limited(request, email, lambda: accounts_seen_by(key))
    if accounts is None:
        role = _limited(request, email, lambda: _role_from_sources(AuroraX(key), email))
        stated = Account(email_address=email, role=role)
        return _begin(request, stated, key, username=_name_of_key(api_key))
    administrators = [account for account in accounts if account.role == Role.ADMINISTRATOR]
    account = next((each for each in administrators if is_same(each.email_address, email)), None)
    if account is None:
        raise SignInRefused(f"This key is an Administrator's, and {email} is not. Check the e-mail address.")
    # With several Administrators the key does not tell which of them it belongs to.
    return _begin(request, account, key, username=_name_of_key(api_key) if len(administrators) > 1 else "")


def accounts_seen_by(key: AuroraXCredential) -> list[Account] | None:
    """All accounts for an Administrator's key, None for any other valid key. Raises `NotSignedIn` for an unknown one."""
    try:
        return AuroraX(key).accounts.list()
    except errors.NotPermitted:
        return None


def sign_in_again(*, request: HttpRequest, credential: Credential, secret: str) -> None:
    """Put a fresh AuroraX session (or key) under an existing sign-in. Raises `SignInRefused`."""
    user = credential.user

    def prove() -> str:
        if credential.kind == Credential.Kind.API_KEY:
            _same_key_holder(user, secret)
            return secret
        return aurorax_sign_in(user.email, secret).credential.secret

    credential.keep(_limited(request, user.email, prove))


def sign_out(request: HttpRequest) -> None:
    """End the AuroraX session, forget its secret and end the portal's session. Works while AuroraX does not answer."""
    credential = current_credential(request)
    logout(request)
    if credential is None:
        return
    try:
        if credential.kind == Credential.Kind.ACCESS_TOKEN:
            AuroraX(credential.opened()).end_session()
    except (errors.AuroraXError, UndecryptableSecret):
        pass  # a session that AuroraX cannot end now dies by itself after 30 idle minutes
    finally:
        credential.end()


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
    if account.disabled:
        raise SignInRefused("This AuroraX account is disabled. Ask the AuroraX team to open it again.")
    user = User.objects.remember(
        username=username or account.email_address.strip().lower(),
        email=account.email_address,
        role=Role(account.role),
        first_name=account.first_name or "",
        last_name=account.last_name or "",
        last_login=timezone.now(),
    )
    kept = Credential(user=user, kind=credential.kind)
    kept.keep(credential.secret)
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = kept.pk
    return user


def _role_from_sources(client: AuroraX, email: str) -> Role:
    """The least role that explains where this address stands on the data sources."""
    sources = client.sources.list()
    if any(is_same(source.owner, email) for source in sources):
        return Role.OWNER
    if any(is_same(entry, email) for source in sources for entry in source.maintainers):
        return Role.MAINTAINER
    return Role.USER


def _same_key_holder(user: User, api_key: str) -> None:
    """Raises `SignInRefused` when the key may be somebody else's: it would act under this person's name."""
    accounts = accounts_seen_by(AuroraXCredential("api_key", api_key)) or []
    is_administrator = any(
        is_same(account.email_address, user.email) and account.role == Role.ADMINISTRATOR
        for account in accounts
    )
    if user.username != _name_of_key(api_key) and not (user.email_is_proved and is_administrator):
        raise SignInRefused(
            "This is another key than the one you signed in with. Sign out, then sign in with it."
        )


def _name_of_key(api_key: str) -> str:
    """Tells keys apart without telling anything about them."""
    return "API key " + salted_hmac("apps.accounts.api_key", api_key, algorithm="sha256").hexdigest()[:24]


def _limited(request: HttpRequest, email: str, prove: Callable[[], Proof]) -> Proof:
    """Prove somebody, with at most `settings.SIGN_IN_ATTEMPTS` failures per address and e-mail in 15 minutes."""
    key = f"sign-in:{request.META.get('REMOTE_ADDR', '')}:{email.strip().lower()}"[:200]
    if cache.get(key, 0) >= settings.SIGN_IN_ATTEMPTS:
        raise SignInRefused("Too many attempts with this e-mail address. Wait 15 minutes, then try again.")
    try:
        return prove()
    except errors.AuroraXError as error:
        if isinstance(error, errors.Refused):
            cache.add(key, 0, ATTEMPTS_WINDOW)
            cache.incr(key)
        raise SignInRefused(_sentence(error)) from error


def _sentence(error: errors.AuroraXError) -> str:
    if isinstance(error, errors.NotSignedIn):
        return "AuroraX does not know this sign-in. Check the e-mail address and the password or API key."
    return error.message
