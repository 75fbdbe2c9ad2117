"""Answers to what went wrong outside AuroraX: not allowed, not found, and our own faults."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.ui.pages import render
from apps.ui.unavailable import unavailable, what_is_away

TOO_MUCH_TEXT = "This is more text than a form takes. Save it as a file and upload that. Nothing was changed."
NOT_UNDERSTOOD = (
    "The portal could not read what your browser sent. Go back and try again. Nothing was changed."
)
STALE_FORM = (
    "This form is too old, or your browser refuses the portal's cookies. Go back, reload the page, and send it again."
    " Nothing was changed."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for what Django refuses before any view sees it."""
    message = TOO_MUCH_TEXT if isinstance(exception, RequestDataTooBig) else NOT_UNDERSTOOD
    context = {"heading": "Not understood", "message": message}
    return render(request, "ui/trouble.html", context, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form without the token that shows it came from the portal itself (settings.CSRF_FAILURE_VIEW)."""
    context = {"heading": "Send this again", "message": STALE_FORM}
    return render(request, "ui/trouble.html", context, status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason of the refusal."""
    context = {"heading": "Not allowed", "message": str(exception) or "You may not do this."}
    return render(request, "ui/trouble.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404, with the message of the exception where it has one that is meant for people."""
    message = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    context = {"heading": "Not found", "message": message or "There is nothing at this address."}
    return render(request, "ui/trouble.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs nothing that might be broken; 503 where the database or Redis is away."""
    part = what_is_away(sys.exception())
    if part:
        return unavailable(request, part)
    return HttpResponse(render_to_string("ui/server_error.html"), status=500)
