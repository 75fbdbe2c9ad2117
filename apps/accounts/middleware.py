"""`request.aurorax`, and signing in again in place when AuroraX has ended somebody's session."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from apps.accounts import services
from apps.accounts.encryption import UndecryptableSecret
from apps.aurorax import AuroraX, errors
from apps.ui.pages import render
from apps.ui.repeated_request import page_url, posted_fields

ANSWER_FIELD = "sign_in_again"
# Says that the interrupted request only read: there is nothing to repeat but its address.
READ_FIELD = "sign_in_again_to_read"


class AuroraXConnection:
    """Puts `request.aurorax` on every request: the client under this person's own credential, made when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with the client on it."""
        request.aurorax = SimpleLazyObject(lambda: client_for(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def client_for(request: HttpRequest) -> AuroraX:
    """AuroraX as the person behind the request sees it; without a live credential, as anybody sees it."""
    credential = services.current_credential(request) if request.user.is_authenticated else None
    if credential is None:
        return AuroraX()
    services.mark_used(credential)
    try:
        return AuroraX(credential.opened())
    except UndecryptableSecret:
        credential.end()
        return AuroraX()


class SignInAgain:
    """When AuroraX refuses a credential (30 idle minutes passed), ask for the secret and repeat the one request.

    The page that asks carries everything that was posted, so nothing typed is lost; its answer comes to the same
    address with one more field, which is taken off before the view runs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Renew the sign-in and let the view run as if nothing had happened. Runs after Django's CSRF check."""
        if request.method != "POST" or ANSWER_FIELD not in request.POST:
            return None
        posted = request.POST.copy()
        secret = str(posted.pop(ANSWER_FIELD)[0])
        request.POST = posted  # type: ignore[assignment]
        refusal = self._renew(request, secret)
        if refusal:
            return ask_again(request, refusal)
        return redirect(request.get_full_path()) if READ_FIELD in posted else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only `NotSignedIn` is ours; everything else goes on to `apps.ui.middleware`."""
        if isinstance(error, errors.NotSignedIn) and request.user.is_authenticated:
            return ask_again(request, "")
        return None

    def _renew(self, request: HttpRequest, secret: str) -> str:
        """Put the new secret under the sign-in; the sentence that says why not, or nothing."""
        credential = services.session_credential(request)
        if credential is None:
            return "Your sign-in to the portal has ended. Open the sign-in page in another tab, then send this again."
        try:
            services.sign_in_again(request=request, credential=credential, secret=secret)
        except services.SignInRefused as refused:
            return refused.message
        return ""


def ask_again(request: HttpRequest, refusal: str) -> HttpResponse:
    """The page that asks for the password or key, with everything that was posted in hidden fields.

    In front of htmx it takes the place of the whole page, wherever the answer was meant to go.
    """
    credential = services.session_credential(request)
    address = request.get_full_path()
    repeated = posted_fields(request, leave_out=ANSWER_FIELD)
    if request.method != "POST":
        repeated = {"fields": [(READ_FIELD, "yes")], "files_lost": False}
        address = page_url(request)
    context = {
        "refusal": refusal,
        "answer_field": ANSWER_FIELD,
        "secret_label": "API key" if credential and credential.kind == "api_key" else "Password",
        "address": address,
        "nothing_lost": request.method == "POST" and READ_FIELD not in request.POST,
    }
    response = render(request, "accounts/sign_in_again.html", context | repeated, status=401)
    response.headers["HX-Retarget"] = "body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
