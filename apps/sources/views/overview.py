"""The first page."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.accounts.roles import confirm_role
from apps.charts.heat import axis_of
from apps.charts.strips import legend
from apps.permissions import Action, decide, requires, signed_in
from apps.sources.administration import everybody as everybody_of
from apps.sources.figures import figures_of
from apps.sources.forms.overview import OverviewFilter
from apps.sources.overview import overview_of
from apps.ui.middleware import status_of
from apps.ui.pages import render
from apps.uploads.attention import in_progress

SEEN_TO_END = timedelta(minutes=2)


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


@requires(Action.PEOPLE_SEE)
@require_GET
def everybody(request: PortalRequest) -> HttpResponse:
    """What runs, who is silent and who was here, of all people; for htmx the part of the overview."""
    confirm_role(by=request.user, client=request.aurorax)
    context = {"everybody": everybody_of(by=request.user, client=request.aurorax)}
    return render(
        request, "sources/overview_everybody.html", context, fragment="sources/_overview_everybody.html"
    )


def _moving(request: PortalRequest) -> dict[str, Any]:
    """What ends while somebody looks on stays for a moment, so that they see how."""
    since = timezone.now() - SEEN_TO_END
    moving = [
        each for each in in_progress(request.user) if not each.upload.ended_at or each.upload.ended_at > since
    ]
    return {"moving": moving, "is_moving": any(each.upload.is_running for each in moving)}


def _overview(request: PortalRequest, *, counted: bool) -> HttpResponse:
    form = OverviewFilter(request.GET)
    shown = overview_of(
        by=request.user,
        client=request.aurorax,
        with_counts=counted,
        page=request.GET.get("page"),
        filters=form,
    )
    moving = _moving(request)
    context = moving | {
        "overview": shown,
        "figures": figures_of(shown, moving["moving"]),
        "page": shown.page,
        "form": form,
        "axis": axis_of(shown.coverage.months) if shown.coverage else "",
        "awaited": bool(shown.sources) and not counted,
        "legend": legend(),
        "is_administrator": request.user.is_administrator,
        "may_create": decide(request.user, Action.SOURCE_CREATE),
        "may_upload": decide(request.user, Action.EPHEMERIS_CREATE),
    }
    status = status_of(shown.trouble) if shown.trouble else 200
    return render(request, "sources/overview.html", context, fragment="sources/_overview.html", status=status)
