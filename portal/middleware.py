"""What surrounds every request: its number in the logs, and its place in the metrics."""

import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.jobs import log_context
from portal.metrics import REQUESTS

REQUEST_ID = re.compile(r"[\w.-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
Next = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Gives each request an id, or keeps the proxy's; it is in every log line of the request, and in the answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        log_context.REQUEST.set(
            request_id
        )  # until this thread's next request: Django logs after all middleware
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


class RequestMetrics:
    """Counts requests by view, method and status, with the time until the answer began."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        started = time.monotonic()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).observe(time.monotonic() - started)
        return response
