"""What every answer to htmx needs, and every failure of AuroraX that a view lets through."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.aurorax import errors
from apps.ui.pages import htmx_target, render
from apps.ui.repeated_request import page_url, posted_fields

Next = Callable[[HttpRequest], HttpResponse]


class HtmxResponses:
    """Redirects become `HX-Redirect`, so that a sign-in page never lands inside a table; caches learn what varies."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and dress its answer for htmx."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if request.headers.get("HX-Request") == "true" and response.status_code in (301, 302, 303):
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response


class NoStore:
    """Nothing that is answered to a person stays in a cache, downloads included: neither on the way nor in the browser,
    where the next person at the same machine could go back to it.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on. What tells nobody apart (style sheets, scripts, health) comes from elsewhere or is small."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response


class AuroraXErrorPages:
    """Turns an AuroraX error that no form has taken up into a page with its message and a fitting status.

    What was posted while AuroraX could not answer is kept on that page, to be sent again. In front of htmx the message
    goes into the part that was asked for: instead of what was to be read there, or above what is being typed there.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only errors of the AuroraX client; the rest is Django's."""
        if not isinstance(error, errors.AuroraXError):
            return None
        response = render(
            request,
            "ui/_trouble.html" if htmx_target(request) else "ui/trouble.html",
            _trouble(request, error),
            status=status_of(error),
        )
        response.headers["HX-Reswap"] = "afterbegin" if request.method == "POST" else "innerHTML"
        return response


def _trouble(request: HttpRequest, error: errors.AuroraXError) -> dict[str, Any]:
    """What the page says, and what it repeats: never a secret that the view declares as sensitive."""
    may_retry = isinstance(error, errors.TryAgain)
    is_repeatable = (
        may_retry and request.method == "POST" and not hasattr(request, "sensitive_post_parameters")
    )
    context = {
        "heading": heading(error),
        "message": error.message,
        "may_retry": may_retry,
        "is_repeatable": is_repeatable,
        "address": request.get_full_path() if is_repeatable else page_url(request),
    }
    return context | (posted_fields(request) if is_repeatable else {})


def heading(error: errors.AuroraXError) -> str:
    """A few words for the top of the page."""
    if isinstance(error, errors.Maintenance):
        return "AuroraX is in maintenance"
    if isinstance(error, errors.TryAgain):
        return "AuroraX does not answer"
    return "AuroraX refuses this"


def status_of(error: errors.AuroraXError) -> int:
    """The portal's own status for an AuroraX error: it is a gateway, so an AuroraX that fails is 502 or 503."""
    if isinstance(error, errors.Maintenance | errors.TooManyRequests):
        return 503
    if isinstance(error, errors.TryAgain):
        return 502
    return error.status or 400
