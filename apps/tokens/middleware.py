"""Programs come in here, by the token they show; and nowhere else."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.accounts.services import mark_used as mark_key_used
from apps.aurorax import AuroraX, errors
from apps.permissions import decide
from apps.permissions.decorators import Access
from apps.tokens import authentication, keys
from apps.tokens.models import ApiToken
from apps.ui.problems import problem

NO_KEY = (
    "AuroraX does not take the API key behind this token any more, or tells another role. Give it the new key on the page"
    " Settings, Tokens."
)
NO_SCOPE = "This token is not for this: it takes one that may {scope}, and this one may {scopes}."


class BearerTokens:
    """For views that are declared for programs: who shows a token is `request.user`, with their key in `request.aurorax`,
    and the token in `request.token`. The session of a browser counts for nothing there, so nothing can be forged with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the question is asked once the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *rest: Any) -> HttpResponse | None:
        """None lets the view run."""
        access: Access | None = getattr(view, "access", None)
        if access is None or not access.for_programs:
            return None
        request.user = AnonymousUser()
        try:
            token = authentication.token_of(request)
            key = keys.check(token)
        except authentication.TokenRefused as refused:
            return _refused(refused)
        except errors.NotSignedIn:
            return problem(401, "key-needed", "The token needs an API key", NO_KEY, page=_page(request))
        _let_in(request, token, AuroraX(key))
        return _refusal(access, token)


def _let_in(request: HttpRequest, token: ApiToken, aurorax: AuroraX) -> None:
    request.user, request.token, request.aurorax = token.user, token, aurorax  # type: ignore[attr-defined]
    authentication.mark_used(token)
    if token.credential is not None:
        mark_key_used(token.credential)


def _refusal(access: Access, token: ApiToken) -> HttpResponse | None:
    """Where the token is not for this, or its person may never do it."""
    if not token.allows(access.scope):
        detail = NO_SCOPE.format(scope=access.scope, scopes=token.scope_words)
        return problem(403, "scope", "Not with this token", detail)
    if access.action is not None and not (decision := decide(token.user, access.action)):
        return problem(403, "not-allowed", "Not allowed", decision.reason)
    return None


def _refused(refused: authentication.TokenRefused) -> HttpResponse:
    if refused.retry_after:
        wait = refused.retry_after
        return problem(429, "too-many-attempts", "Too many attempts", refused.message, retry_after=wait)
    answer = problem(401, "token", "No usable token", refused.message)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="AuroraX Provider Portal"'
    return answer


def _page(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("token-list"))
