"""Answers to what went wrong outside AuroraX: not allowed, not found, and our own faults."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.ui.pages import render


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason of the refusal."""
    context = {"heading": "Not allowed", "sentence": str(exception) or "You may not do this."}
    return render(request, "ui/trouble.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404, with the sentence of the exception where it has one that is meant for people."""
    sentence = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    context = {"heading": "Not found", "sentence": sentence or "There is nothing at this address."}
    return render(request, "ui/trouble.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs nothing that might be broken."""
    return HttpResponse(render_to_string("ui/server_error.html"), status=500)
