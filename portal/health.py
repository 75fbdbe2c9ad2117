"""For the machine room: is the process alive, and can it work?"""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from apps.permissions import public


@public("a load balancer asks it, without signing in")
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"alive": True})


@public("a load balancer asks it, without signing in")
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer, otherwise 503 with what does not. AuroraX being down is not our unreadiness."""
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    return JsonResponse(
        {"ready": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503
    )


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return connection.is_usable()


def _cache_answers() -> bool:
    try:
        cache.set("readyz", "1", timeout=10)
        return bool(cache.get("readyz") == "1")
    except Exception:  # noqa: BLE001 - each cache backend has errors of its own, and every one of them means "no"
        return False
