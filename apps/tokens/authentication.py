"""Who a program acts for: the token in its `Authorization` header, and nothing else. A cookie is never looked at."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts import limits
from apps.accounts.network import client_address, network_of
from apps.tokens import texts
from apps.tokens.models import ApiToken

NOTED_AT_MOST_EVERY = timedelta(minutes=1)
KNOWN_FOR = 24 * 60 * 60  # seconds for which a network is remembered from which a token was used
MISSING = (
    "Send a token of the portal: “Authorization: Bearer axp_…”. You make one on the page Settings, Tokens."
)
UNKNOWN = "This is no token of this portal. Copy it once more, or make another on the page Settings, Tokens."
REVOKED = "This token is revoked. Make another on the page Settings, Tokens."
EXPIRED = "This token has expired on {day}. Make another on the page Settings, Tokens."


class TokenRefused(Exception):
    """Nobody is let in. `retry_after` is in seconds, where there were too many guesses."""

    def __init__(self, message: str, *, retry_after: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


def token_of(request: HttpRequest) -> ApiToken:
    """The usable token that the request shows. Raises `TokenRefused`.

    Wrong ones are counted for the network they come from. One that was used from there before keeps its turn: nobody is
    locked out by what others guess.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise TokenRefused(MISSING)
    text, network = text.strip(), network_of(client_address(request))
    if caches[limits.CACHE].get(_known(text, network)):
        return _usable(_find(text))
    bucket = limits.Bucket(f"tokens from:{network}", settings.SIGN_IN_ATTEMPTS_PER_ADDRESS)
    try:
        with limits.counted([bucket]):
            token = _usable(_find(text))
    except limits.TooManyAttempts as many:
        raise TokenRefused(
            "Too many wrong tokens. Wait, then try again.", retry_after=many.retry_after
        ) from many
    caches[limits.CACHE].set(_known(text, network), True, KNOWN_FOR)
    return token


def mark_used(token: ApiToken) -> None:
    """Remember that it is in use; written once a minute at most."""
    now = timezone.now()
    if token.used_at is None or now - token.used_at > NOTED_AT_MOST_EVERY:
        token.used_at = now
        token.save(update_fields=["used_at"])


def _find(text: str) -> ApiToken:
    found = None
    if texts.is_token(text):
        tokens = ApiToken.objects.select_related("user", "credential")
        found = tokens.filter(digest=texts.digest_of(text), user__is_active=True).first()
    if found is None:
        raise TokenRefused(UNKNOWN)
    return found


def _usable(token: ApiToken) -> ApiToken:
    if token.revoked_at:
        raise TokenRefused(REVOKED)
    if token.is_expired:
        raise TokenRefused(EXPIRED.format(day=f"{token.expires_at:%Y-%m-%d}"))
    return token


def _known(text: str, network: str) -> str:
    return salted_hmac("apps.tokens.known", f"{network} {text}", algorithm="sha256").hexdigest()
