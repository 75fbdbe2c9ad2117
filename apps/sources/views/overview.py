"""The first page."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.permissions import Action, decide, signed_in
from apps.sources.overview import MOST_SHOWN, counted, my_sources, unfinished_uploads
from apps.ui.pages import render


@signed_in
@require_GET
def overview(request: PortalRequest) -> HttpResponse:
    """My data sources, uploads on their way, and what to do next. Records are counted after the page has come."""
    mine = my_sources(by=request.user, client=request.aurorax)
    shown, with_stats = mine[:MOST_SHOWN], "stats" in request.GET
    context = {
        "sources": counted(shown, by=request.user, client=request.aurorax) if with_stats else shown,
        "total": len(mine),
        "with_stats": with_stats,
        "uploads": unfinished_uploads(by=request.user),
        "may_create": decide(request.user, Action.SOURCE_CREATE),
    }
    return render(request, "sources/overview.html", context, fragment="sources/_my_sources.html")
