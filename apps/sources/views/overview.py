"""The first page."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.charts.strips import legend
from apps.permissions import Action, decide, signed_in
from apps.sources.overview import overview_of
from apps.ui.middleware import status_of
from apps.ui.pages import render
from apps.uploads.attention import in_progress


@signed_in
@require_GET
def overview(request: PortalRequest) -> HttpResponse:
    """What needs me, what is on its way, and my data sources. Records are counted after the page has come."""
    return _overview(request, counted=False)


@signed_in
@require_GET
def counted(request: PortalRequest) -> HttpResponse:
    """The same page with what AuroraX has counted; for htmx only what is in it."""
    return _overview(request, counted=True)


@signed_in
@require_GET
def uploads(request: PortalRequest) -> HttpResponse:
    """My uploads that are on their way; for htmx, which asks as long as something moves, only these."""
    fragment = "sources/_overview_uploads.html"
    return render(request, "sources/overview_uploads.html", _moving(request), fragment=fragment)


def _moving(request: PortalRequest) -> dict[str, Any]:
    moving = in_progress(request.user)
    return {"moving": moving, "is_moving": any(each.upload.is_running for each in moving)}


def _overview(request: PortalRequest, *, counted: bool) -> HttpResponse:
    shown = overview_of(
        by=request.user,
        client=request.aurorax,
        with_counts=counted,
        page=request.GET.get("page"),
        only_silent="silent" in request.GET,
    )
    context = _moving(request) | {
        "overview": shown,
        "page": shown.page,
        "rows": [shown.row(source) for source in shown.page],
        "only_silent": "silent" in request.GET and shown.coverage is not None,
        "awaited": bool(shown.sources) and not counted,
        "legend": legend(),
        "may_create": decide(request.user, Action.SOURCE_CREATE),
        "may_upload": decide(request.user, Action.EPHEMERIS_CREATE),
    }
    status = status_of(shown.trouble) if shown.trouble else 200
    return render(request, "sources/overview.html", context, fragment="sources/_overview.html", status=status)
