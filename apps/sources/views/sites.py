"""Ground sources on a map."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.charts.maps import draw_places
from apps.permissions import Action, requires
from apps.sources.filters import is_mine
from apps.sources.sites import find_sites, ground_sources
from apps.ui.pages import render


@requires(Action.SOURCE_SEE)
@require_GET
def show(request: PortalRequest) -> HttpResponse:
    """My ground sources, or with `all` everybody's. Where they stand is found after the page has come (`located`)."""
    everybodys = "all" in request.GET
    context: dict[str, Any] = {"everybodys": everybodys, "found": None}
    context["query"] = "located=on&all=on" if everybodys else "located=on"
    if "located" in request.GET:
        ground = ground_sources(request.aurorax)
        sources = [source for source in ground if everybodys or is_mine(source, request.user)]
        found = find_sites(client=request.aurorax, sources=sources)
        context |= {"found": found, "views": draw_places(found.places)}
    return render(request, "sources/map.html", context, fragment="sources/_site_map.html")
