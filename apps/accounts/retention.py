"""Sign-ins and sessions that are over: nothing asks for them any more."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import Credential
from apps.jobs.retention import SETTLED_AFTER, Prunable


def ended_sign_ins() -> Iterator[Prunable]:
    """Their secrets are erased already; a browser's session that names one is over by then."""
    over = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE + SETTLED_AFTER)
    ended = Credential.objects.filter(ended_at__lt=over)
    if count := ended.count():
        yield Prunable(ended.delete, count=count)


def expired_sessions() -> Iterator[Prunable]:
    """Those of browsers."""
    expired = Session.objects.filter(expire_date__lt=timezone.now())
    if count := expired.count():
        yield Prunable(expired.delete, count=count)
