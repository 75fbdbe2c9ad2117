"""The faults that hit whole requests: waiting, errors instead of work, connections that are cut."""

import socket
import time
from collections.abc import Callable
from fnmatch import fnmatchcase

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from apps.sandbox.answers import empty
from apps.sandbox.errors import CODES, ApiError, BareError
from apps.sandbox.state import state
from apps.sandbox.switches import error_rates

PROXY_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<h1>{0}</h1>\r\n<hr>nginx\r\n</body>\r\n</html>\r\n"
PROXY_STATUSES = {502: "502 Bad Gateway", 504: "504 Gateway Time-out"}


class Faults:
    """Middleware that acts out the switches on addresses under /api/. The operator's own addresses always work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, or do to it what is switched on."""
        switches = state.switches
        if not request.path.startswith("/api/") or not fnmatchcase(
            f"{request.method} {request.path}", switches.only
        ):
            return self.get_response(request)
        if switches.latency:
            time.sleep(switches.latency)
        if _happens(switches.drop_before):
            return _cut(request)
        if status := _error_status(switches.errors):
            return _error(status)
        response = self.get_response(request)
        return _cut(request) if _happens(switches.drop_after) else response


def _happens(rate: float) -> bool:
    return rate > 0 and state.roll() < rate and state.spend()


def _error_status(errors: str) -> int | None:
    """The status to answer instead of doing the work: one throw decides among all rates."""
    if not errors:
        return None
    throw = state.roll()
    for status, rate in error_rates(errors).items():
        if throw < rate:
            return status if state.spend() else None
        throw -= rate
    return None


def _error(status: int) -> HttpResponse:
    """An error as that status comes: a proxy's is HTML, a server's own 500 may be plain text, others are documents."""
    if status in PROXY_STATUSES:
        return HttpResponse(
            PROXY_PAGE.format(PROXY_STATUSES[status]), status=status, content_type="text/html"
        )
    if status == 500:
        return BareError().response()
    response = ApiError(
        status, f"The sandbox was told to answer {status} ({CODES.get(status, 'Other')})."
    ).response()
    if status == 429:
        response["Retry-After"] = str(state.switches.retry_after)
    return response


def _cut(request: HttpRequest) -> HttpResponse:
    """End the connection without an answer. What is returned is never seen."""
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return empty(500)
