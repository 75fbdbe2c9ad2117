"""Browsers that somebody has signed in with before: they keep their turn while others guess. And what to call a browser."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
SALT = "apps.accounts.known_browser"
COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
MOST_PEOPLE = 5  # who share one browser
# Looked for in this order: most browsers also claim to be others.
FAMILIES = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrom": "Chrome", "Safari/": "Safari"}


def known_browser(request: HttpRequest, identity: str) -> str:
    """The number of this browser if `identity` (an e-mail address, the name of a key) has signed in with it before."""
    known = _read(request)
    return str(known["browser"]) if _digest(identity) in known["people"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, identity: str) -> None:
    """Leave a signed cookie that says who has signed in with this browser; it is no sign-in and holds no address."""
    known = _read(request)
    others = [person for person in known["people"] if person != _digest(identity)]
    known["people"] = [*others, _digest(identity)][-MOST_PEOPLE:]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=COOKIE_AGE,
        path=request.path,  # of the sign-in page: nothing else reads it
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def family_of(request: HttpRequest) -> str:
    """The browser's family, as it names itself."""
    agent = request.headers.get("User-Agent", "")
    return next((family for mark, family in FAMILIES.items() if mark in agent), "Another program")


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return {"browser": secrets.token_urlsafe(12), "people": []}
    return known


def _digest(identity: str) -> str:
    return salted_hmac(SALT, identity, algorithm="sha256").hexdigest()[:32]
