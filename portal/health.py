"""For the machine room: is the process alive, and can it work?"""

import logging
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_safe

from apps.aurorax import AuroraX
from apps.jobs.models import RecoveryRun
from apps.permissions import Action, public, requires
from apps.ui.pages import render
from portal import queue

logger = logging.getLogger(__name__)

AURORAX_SECONDS = 2.0  # to wait for AuroraX
REMEMBERED = 10.0  # seconds for which what storage and AuroraX said is taken as said: everybody may ask


@public("a load balancer asks it, without signing in")
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"alive": True})


@public("a load balancer asks it, without signing in")
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, cache, queue and storage work, otherwise 503 with what does not. AuroraX is named too, but its
    being down is not our unreadiness. `recovery`: when lost work of each kind was last looked for.
    """
    own = {name: works() for name, works in CHECKS.items()}
    is_ready = all(own.values())
    answer = {"ready": is_ready, **own, "aurorax": aurorax_answers(moment()), "recovery": _recovery()}
    return JsonResponse(answer, status=200 if is_ready else 503)


@requires(Action.PEOPLE_SEE)
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The same for people, with how many tasks wait; for htmx the part of the overview."""
    waits = queue.waiting()
    context = {
        "parts": [(name.capitalize(), works()) for name, works in CHECKS.items()],
        "aurorax_answers": aurorax_answers(moment()),
        "tasks": waits.tasks if waits else None,
        "oldest": waits.oldest if waits else None,
        "recovery": RecoveryRun.objects.order_by("kind"),
    }
    return render(request, "ui/health.html", context, fragment="ui/_service_health.html")


def moment() -> int:
    """The same number for `REMEMBERED` seconds."""
    return int(time.monotonic() // REMEMBERED)


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


@lru_cache(maxsize=1)
def storage_works(at: int) -> bool:
    """Whether a file can be kept: a full disk, a read-only one and a store that is away say no."""
    try:
        name = default_storage.save(f"readyz/{uuid.uuid4().hex}", ContentFile(b"ready"))
        default_storage.delete(name)
    except Exception:
        logger.warning("No file can be kept", exc_info=True)
        return False
    return True


@lru_cache(maxsize=1)
def aurorax_answers(at: int) -> bool:
    """Whether AuroraX answers at all."""
    return AuroraX().answers_within(AURORAX_SECONDS)


def _recovery() -> dict[str, Any]:
    try:
        return {run.kind: run.ended_at for run in RecoveryRun.objects.order_by("kind")}
    except DatabaseError:
        return {}


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "cache": _cache_answers,
    "queue": lambda: queue.waiting() is not None,
    "storage": lambda: storage_works(moment()),
}
