"""The API about itself, and the token about itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from apps.api.endpoints import for_programs
from apps.api.http import TokenRequest
from apps.api.openapi.document import document
from apps.aurorax import times
from apps.permissions import public
from apps.ui.problems import problem


@public("says what everybody may know: how to ask")
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    answer = document(request.build_absolute_uri("/").rstrip("/"))
    return JsonResponse(answer, json_dumps_params={"indent": 1, "ensure_ascii": False})


@for_programs("GET")
def token(request: TokenRequest) -> HttpResponse:
    """What the token of this request is for, and whose it is."""
    shown = request.token
    return JsonResponse(
        {
            "name": shown.name,
            "prefix": shown.prefix,
            "scopes": shown.scopes,
            "sources": shown.sources,
            "expires": times.write(shown.expires_at),
            "person": request.user.email,
            "role": request.user.role,
            "aurorax": settings.AURORAX_API_URL,
        }
    )


@csrf_exempt
@public("says only that there is nothing")
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for programs."""
    where = request.build_absolute_uri("/api/openapi.json")
    return problem(
        404, "no-address", "Not found", f"There is nothing at this address. {where} says what there is."
    )
