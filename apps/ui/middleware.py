"""What every answer to htmx needs, and every failure of AuroraX that a view lets through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.aurorax import errors
from apps.ui.pages import render

Next = Callable[[HttpRequest], HttpResponse]


class HtmxResponses:
    """Redirects become `HX-Redirect`, so that a sign-in page never lands inside a table; caches are told what varies."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and dress its answer for htmx."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if request.headers.get("HX-Request") == "true" and response.status_code in (301, 302, 303):
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response


class AuroraXTroubles:
    """Turns an AuroraX error that no form has taken up into a page with its sentence and a fitting status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only errors of the AuroraX client; the rest is Django's."""
        if not isinstance(error, errors.AuroraXError):
            return None
        context = {
            "heading": heading(error),
            "sentence": error.sentence,
            "may_retry": isinstance(error, errors.TryAgain),
        }
        return render(request, "ui/trouble.html", context, status=status_of(error))


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
