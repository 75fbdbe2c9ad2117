"""`request.aurorax`, and signing in again in place when AuroraX has ended somebody's session."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from apps.accounts import services
from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.roles import confirm_role
from apps.aurorax import AuroraX, errors
from apps.permissions import Role
from apps.permissions.decorators import Access
from apps.ui.pages import render
from apps.ui.repeated_request import page_url, posted_fields

ANSWER_FIELD = "sign_in_again"
# Says that the interrupted request only read: there is nothing to repeat but its address.
READ_FIELD = "sign_in_again_to_read"
REFUSED = 401  # by AuroraX itself, not by the portal for want of a live credential


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
            return self._without_sign_in(request, view[0])
        posted = request.POST.copy()
        secret = str(posted.pop(ANSWER_FIELD)[0])
        request.POST = posted  # type: ignore[assignment]
        refused = self._renew(request, secret)
        if refused:
            return ask_again(request, refused.message, retry_after=refused.retry_after)
        return redirect(request.get_full_path()) if READ_FIELD in posted else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """`NotSignedIn`, and a refusal that shows an Administrator to be none any more; the rest is `apps.ui`'s."""
        if not request.user.is_authenticated:
            return None
        if isinstance(error, errors.NotPermitted):
            return self._ask_if_role_changed(request)
        if not isinstance(error, errors.NotSignedIn):
            return None
        credential = services.current_credential(request)
        if error.status == REFUSED and credential is not None:
            credential.end()
        return ask_again(request, "", reason=error.message if error.status != REFUSED else "")

    def _without_sign_in(self, request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
        """A session whose credential is dead has no rights: only signing in again, or out, is left to it."""
        access: Access | None = getattr(view, "access", None)
        if (
            access is None
            or access.public_because
            or access.for_programs
            or not request.user.is_authenticated
        ):
            return None
        credential = services.session_credential(request)
        if credential is None or credential.signed_out:
            logout(request)  # somewhere else, by "Sign out everywhere"; `ClosedByDefault` does the rest
            return None
        if credential.ended_at is None or getattr(view, "without_credential", False):
            return None
        return ask_again(request, "")

    def _ask_if_role_changed(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.role != Role.ADMINISTRATOR:  # type: ignore[union-attr]
            return None
        try:
            confirm_role(by=request.user, client=client_for(request))  # type: ignore[arg-type]
        except errors.NotSignedIn as changed:
            return ask_again(request, "", reason=changed.message)
        except errors.AuroraXError:
            pass
        return None

    def _renew(self, request: HttpRequest, secret: str) -> services.SignInRefused | None:
        """Put the new secret under the sign-in; the refusal that says why not."""
        credential = services.session_credential(request)
        if credential is None or credential.signed_out:
            return services.SignInRefused(
                "Your sign-in to the portal has ended. Open the sign-in page in another tab, then send this again."
            )
        try:
            services.sign_in_again(request=request, credential=credential, secret=secret)
        except services.SignInRefused as refused:
            return refused
        return None


def ask_again(request: HttpRequest, refusal: str, *, reason: str = "", retry_after: int = 0) -> HttpResponse:
    """The page that asks for the password or key, with everything that was posted in hidden fields. `reason` says why it
    asks, where that is not the usual one.

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
        "reason": reason,
        "answer_field": ANSWER_FIELD,
        "secret_label": "API key" if credential and credential.kind == "api_key" else "Password",
        "address": address,
        "nothing_lost": request.method == "POST" and READ_FIELD not in request.POST,
    }
    response = render(request, "accounts/sign_in_again.html", context | repeated, status=401)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    response.headers["HX-Retarget"] = "body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
