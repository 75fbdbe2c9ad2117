"""Who is calling: an API key in `x-aurorax-api-key`, or `Authorization` exactly as `POST /authenticate` answered it."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from apps.sandbox.errors import unauthorized
from apps.sandbox.models import Account, Session
from apps.sandbox.state import state

API_KEY_HEADER = "x-aurorax-api-key"
BEARER = "Bearer "


def digest(secret: str) -> str:
    """What is kept of a key or a token. They are long and random, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def caller(request: HttpRequest) -> Account | None:
    """The account behind the request, or None for a request that brings no credential.

    Raises 401 for a credential that is wrong, ended or expired, also where none is needed: a person whose session
    died should hear it at once, and must not have a private search turn public.
    """
    if key := request.headers.get(API_KEY_HEADER):
        account = Account.objects.filter(api_key_hash=digest(key), disabled=False).first()
    elif authorization := request.headers.get("Authorization"):
        account = _account_of_session(authorization)
    else:
        return None
    if account is None:
        raise unauthorized()
    return account


def required(request: HttpRequest) -> Account:
    """The account behind the request. Raises 401 where there is none."""
    account = caller(request)
    if account is None:
        raise unauthorized()
    return account


def sign_in(email_address: str, password: str) -> tuple[Account, str]:
    """The account and the `Authorization` value of its new session. Raises 401 for a wrong pair."""
    account = Account.objects.filter(email_address__iexact=email_address, disabled=False).first()
    if account is None or not check_password(password, account.password):
        raise unauthorized()
    account.last_login, account.this_login = account.this_login, timezone.now()
    account.save(update_fields=["last_login", "this_login"])
    token = secrets.token_hex(32)
    Session.objects.create(token_hash=digest(token), account=account, last_used=account.this_login)
    return account, BEARER + token


def end_session(authorization: str) -> bool:
    """End the session behind an `Authorization` value; False where there is none to end."""
    deleted, _ = Session.objects.filter(token_hash=digest(authorization.removeprefix(BEARER))).delete()
    return deleted > 0


def new_api_key(account: Account) -> str:
    """A fresh API key. The account's old one stops working: one is valid at a time (API document, NewApiKeyResponse)."""
    key = secrets.token_hex(16)
    account.api_key_hash = digest(key)
    account.save(update_fields=["api_key_hash"])
    return key


def _account_of_session(authorization: str) -> Account | None:
    if not authorization.startswith(BEARER):
        return None
    token_hash = digest(authorization.removeprefix(BEARER))
    session = Session.objects.select_related("account").filter(token_hash=token_hash).first()
    if session is None or session.account.disabled:
        return None
    now, switches = timezone.now(), state.switches
    idle = now - session.last_used > timedelta(minutes=switches.token_idle_minutes)
    used_up = 0 < switches.token_requests <= session.requests
    if idle or used_up:
        session.delete()
        return None
    Session.objects.filter(pk=token_hash).update(last_used=now, requests=F("requests") + 1)
    return session.account
