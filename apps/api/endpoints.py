"""How a view of the API declares who may use it, and with which methods. What goes wrong in it becomes a problem."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.api.http import TokenRequest
from apps.api.refusals import of_aurorax, refusal_of
from apps.aurorax import DataSource, errors
from apps.permissions import Action, Role, check
from apps.permissions.decisions import NotAllowed
from apps.permissions.decorators import Access, declare
from apps.tokens.models import ApiToken
from apps.ui.problems import problem
from apps.ui.unavailable import RETRY_AFTER, TRY_LATER, what_is_away

logger = logging.getLogger(__name__)
Rest = ParamSpec("Rest")
Answer = TypeVar("Answer", bound=HttpResponseBase)
ApiView = Callable[Concatenate[TokenRequest, Rest], HttpResponseBase]
FAULT = "The portal had a fault of its own. Tell its administrator, with the X-Request-ID of this answer."
NOT_THIS_SOURCE = "This token is not for data source {identifier}: it is for {sources}."


def for_programs(
    *methods: str, scope: str = "", action: Action | None = None
) -> Callable[[ApiView[Rest]], Callable[..., HttpResponseBase]]:
    """For who shows a token that has `scope`, whose person's role may do `action`. Without a scope any token will do.

    No form of another site can reach it, as no cookie opens it: so it needs no CSRF token.
    """

    def decorate(view: ApiView[Rest]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(getattr(request, "token", None), ApiToken):
                raise NotAllowed("Without a token nobody gets in here.")  # `BearerTokens` is missing
            if request.method not in methods:
                return _wrong_method(request, methods)
            return _answered(view, cast("TokenRequest", request), *args, **kwargs)

        return declare(answered, Access(action=action, for_programs=True, scope=scope))

    return decorate


def source_of(request: TokenRequest, identifier: int, action: Action) -> DataSource:
    """The data source with this number, which the token reaches and on which the person may do `action`.

    Raises `NotAllowed`, `Http404`, `errors.AuroraXError`.
    """
    check(request.user, action)
    if not request.token.reaches(identifier):
        listed = ", ".join(map(str, request.token.sources))
        raise NotAllowed(NOT_THIS_SOURCE.format(identifier=identifier, sources=listed))
    try:
        source = request.aurorax.sources.get(identifier)
    except errors.NotFound:
        raise Http404(f"AuroraX has no data source {identifier}. It may have been deleted.") from None
    check(request.user, action, source)
    return source


def _answered(
    view: Callable[..., HttpResponseBase], request: TokenRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except errors.NotPermitted as error:
        return _not_permitted(request, error)
    except Exception as error:
        if (refusal := refusal_of(error)) is not None:
            return refusal
        if part := what_is_away(error):
            logger.warning("The %s does not answer", part)
            return problem(
                503, "unavailable", "The portal cannot answer just now", TRY_LATER, retry_after=RETRY_AFTER
            )
        logger.exception("A fault at %s", request.path)
        return problem(500, "fault", "A fault of the portal", FAULT)


def _not_permitted(request: TokenRequest, error: errors.NotPermitted) -> HttpResponseBase:
    if request.user.role == Role.ADMINISTRATOR and request.token.credential:
        request.token.credential.proved_at = (
            request.token.made_at
        )  # AuroraX is asked next time whether they still are
        request.token.credential.save(update_fields=["proved_at"])
    return of_aurorax(error)


def _wrong_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponseBase:
    detail = f"{request.method} is not possible at this address. It takes {', '.join(methods)}."
    answer = problem(405, "method", "Not with this method", detail)
    answer.headers["Allow"] = ", ".join(methods)
    return answer
