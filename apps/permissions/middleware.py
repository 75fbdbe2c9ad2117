"""Closed by default: a view that declares no access is refused, whoever asks."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from apps.permissions.decisions import NotAllowed, check
from apps.permissions.decorators import Access

UNDECLARED = "This page declares no access rule, so nobody may open it. This is a fault of the portal: please report it."


class ClosedByDefault:
    """Asks each view's declared access before it runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the question is asked once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view run; a redirect asks to sign in; `NotAllowed` becomes 403."""
        access: Access | None = getattr(view, "access", None)
        if access is None:
            raise NotAllowed(UNDECLARED)
        if access.public_because:
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if access.action is not None:
            check(request.user, access.action)
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Reading leads to the sign-in page and back; a write has nothing to come back to, and is refused with 401."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return HttpResponse(
        "Sign in first: nothing was changed.", status=401, content_type="text/plain; charset=utf-8"
    )
