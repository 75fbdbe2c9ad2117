"""An interrupted request, to be repeated: what it posted, for a form that repeats it, and the page it came from."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

# What the browser sends again with the repeated request.
NOT_REPEATED = "csrfmiddlewaretoken"


def posted_fields(request: HttpRequest, *, leave_out: str = "") -> dict[str, Any]:
    """What `ui/_repeated_request.html` shows: everything posted but `leave_out`, and whether files are lost.

    Files cannot be put into a form again: browsers do not allow it.
    """
    names = [name for name in request.POST if name not in (NOT_REPEATED, leave_out)]
    fields = [(name, value) for name in names for value in request.POST.getlist(name)]
    return {"fields": fields, "files_lost": bool(request.FILES)}


def page_url(request: HttpRequest) -> str:
    """The address to read again: of the page itself, where htmx was filling a part of it from elsewhere."""
    page = HtmxDetails(request).current_url_abs_path or ""
    return request.get_full_path() if page.partition("?")[0] in ("", request.path) else page
