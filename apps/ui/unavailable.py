"""When the database or Redis is away: a page that says so, tries again by itself, and keeps what was typed."""

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from redis.exceptions import RedisError

from apps.ui import storage
from apps.ui.pages import htmx_target
from apps.ui.repeated_request import posted_fields

RETRY_AFTER = 10  # seconds
TRY_LATER = "A part of the portal does not answer just now. Try again in a minute."
SENT = (
    f"{TRY_LATER} It is not known whether what you sent has reached AuroraX: look at the page Activity first."
)
AWAY = {OperationalError: "database", InterfaceError: "database", RedisError: "Redis"}


def what_is_away(error: BaseException | None) -> str:
    """The part of the portal whose absence this error is, or nothing."""
    found = next((name for kind, name in AWAY.items() if isinstance(error, kind)), "")
    return found or ("storage of files" if storage.is_away(error) else "")


def unavailable(request: HttpRequest, part: str) -> HttpResponse:
    """503, from a template that needs neither. Only what was asked to be read is asked for again without a click."""
    posts = request.method == "POST"
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if htmx_target(request):
        swap = {"HX-Reswap": "afterbegin" if posts else "innerHTML"}
        text = render_to_string("ui/_trouble.html", {"message": SENT if posts else TRY_LATER})
        return HttpResponse(text, status=503, headers=headers | swap)
    is_repeatable = posts and not hasattr(request, "sensitive_post_parameters")
    context: dict[str, Any] = {
        "part": part,
        "posts": posts,
        "is_repeatable": is_repeatable,
        "address": request.get_full_path(),
        "seconds": RETRY_AFTER,
    }
    if is_repeatable:
        context |= posted_fields(request) | {"csrf_token": get_token(request)}
    if not posts:
        headers["Refresh"] = str(RETRY_AFTER)
    return HttpResponse(render_to_string("ui/unavailable.html", context), status=503, headers=headers)
