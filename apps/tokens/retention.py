"""Tokens that are over: their keys go at once, what is known of them after a while."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Credential
from apps.jobs.retention import Prunable
from apps.tokens.models import ApiToken
from apps.tokens.services import SHOWN_FOR

FORGOTTEN_AFTER = SHOWN_FOR + timedelta(days=60)


def over() -> Iterator[Prunable]:
    """Those that nobody is shown any more."""
    since = timezone.now() - FORGOTTEN_AFTER
    ended = ApiToken.objects.filter(Q(revoked_at__lt=since) | Q(expires_at__lt=since))
    if count := ended.count():
        yield Prunable(ended.delete, count=count)


def erase_keys_of_expired() -> int:
    """Erase the keys of tokens whose time is up, and of none. Called every few seconds; wakes nobody, so it answers 0."""
    expired = Q(token__expires_at__lte=timezone.now()) | Q(token=None)
    for credential in Credential.objects.live().filter(expired, is_for_token=True):
        credential.end()
    return 0
