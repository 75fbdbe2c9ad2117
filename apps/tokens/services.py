"""Making and revoking tokens, and giving them another key."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.tokens import keys, texts
from apps.tokens.models import ApiToken, Scope, TokenQuerySet

MOST = 50  # usable ones of one person
LONGEST = 366  # days
SHOWN_FOR = timedelta(days=30)  # after its end
NO_KEY = "Give your AuroraX API key: the portal has none that AuroraX takes."
TOO_MANY = f"You have {MOST} tokens. Revoke one that you do not need."


def tokens_of(person: User) -> TokenQuerySet:
    """Theirs: usable ones, and those that have ended of late."""
    since = timezone.now() - SHOWN_FOR
    shown = Q(revoked_at=None) | Q(revoked_at__gte=since)
    return person.tokens.filter(shown, expires_at__gte=since).select_related("credential")


def make(
    *, by: User, name: str, scopes: Sequence[str], sources: Sequence[int], days: int, api_key: str = ""
) -> tuple[ApiToken, str]:
    """A token, and its text, which is nowhere else. Without `api_key` it works under one that the portal has already.

    Raises `keys.KeyRefused`, `errors.TryAgain`.
    """
    if by.tokens.usable().count() >= MOST:
        raise keys.KeyRefused(TOO_MANY)
    secret = api_key or keys.known_key(by)
    if not secret:
        raise keys.KeyRefused(NO_KEY)
    keys.prove(by=by, api_key=secret)
    made = texts.fresh()
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=by,
            credential=_kept(by, name, secret),
            name=name,
            prefix=made.prefix,
            digest=texts.digest_of(made.text),
            scopes=[each.value for each in Scope if each in scopes],
            sources=sorted(set(sources)),
            expires_at=timezone.now() + timedelta(days=min(days, LONGEST)),
        )
    return token, made.text


def revoke(*, by: User, token: ApiToken) -> None:
    """End a token of one's own at once; what works under its key in the background stops, and the key is erased."""
    if token.user_id != by.pk:
        raise ApiToken.DoesNotExist
    with transaction.atomic():
        by.tokens.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
        if token.credential is not None:
            token.credential.sign_out()
    token.refresh_from_db()


def give_key(*, by: User, api_key: str) -> int:
    """Put another key under all usable tokens of this person; answers how many. Raises `keys.KeyRefused`, `errors.TryAgain`."""
    keys.prove(by=by, api_key=api_key)
    tokens = [*by.tokens.usable().select_related("credential")]
    for token in tokens:
        with transaction.atomic():
            _put_under(token, api_key)
    return len(tokens)


def _put_under(token: ApiToken, api_key: str) -> None:
    if token.credential is not None:
        token.credential.keep(api_key)
    else:
        token.credential = _kept(token.user, token.name, api_key)
        token.save(update_fields=["credential"])


def _kept(by: User, name: str, api_key: str) -> Credential:
    """A key of a token's own: it ends with it."""
    kept = Credential(
        user=by, kind=Credential.Kind.API_KEY, is_for_token=True, browser=f"the token “{name}”"[:40]
    )
    kept.keep(api_key)
    return kept
