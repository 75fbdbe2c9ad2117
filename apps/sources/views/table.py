"""The table of data sources, and its exports."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.permissions import Action, decide, requires
from apps.sources.exports import as_csv, as_json
from apps.sources.filters import SourceFilter, columns
from apps.ui.pages import render
from apps.ui.paging import page_of

FILTERS = (
    "program",
    "platform",
    "instrument_type",
    "source_type",
)  # that AuroraX has, and compares as a choice in the table does


@requires(Action.SOURCE_SEE)
@require_GET
def source_list(request: PortalRequest) -> HttpResponse:
    """All data sources, or those that pass the filter."""
    form = _filter(request)
    page = page_of(form.matching(), request.GET.get("page"))
    context = {
        "form": form,
        "columns": columns(form.order),
        "page": page,
        "stats": request.aurorax.sources.stats(list(page)) if "stats" in request.GET else {},
        "total": len(form.sources),
        "may_create": decide(request.user, Action.SOURCE_CREATE),
    }
    response = render(request, "sources/list.html", context, fragment="sources/_source_table.html")
    response.headers["HX-Push-Url"] = _address(request)
    return response


@requires(Action.SOURCE_SEE)
@require_GET
def export_csv(request: PortalRequest) -> StreamingHttpResponse:
    """What the filter shows, all pages of it, as CSV."""
    return as_csv(_matching(request))


@requires(Action.SOURCE_SEE)
@require_GET
def export_json(request: PortalRequest) -> HttpResponse:
    """What the filter shows, all pages of it, in the API's shape."""
    return as_json(_matching(request))


def _matching(request: PortalRequest) -> list[DataSource]:
    """The whole records. AuroraX is asked for those that have the names chosen, and for none where none passes."""
    form = _filter(request)
    order = {source.identifier: place for place, source in enumerate(form.matching())}
    if not order:
        return []
    chosen: dict[str, Any] = {
        name: form.cleaned_data.get(name) or None for name in FILTERS if name not in form.typed
    }
    found = [each for each in request.aurorax.sources.list(**chosen) if each.identifier in order]
    return sorted(found, key=lambda source: order[source.identifier])


def _filter(request: PortalRequest) -> SourceFilter:
    return SourceFilter(request.GET, sources=request.aurorax.sources.directory(), person=request.user)


def _address(request: PortalRequest) -> str:
    """The address of what is shown, without the fields that filter nothing."""
    chosen = [(name, value) for name, values in request.GET.lists() for value in values if value]
    return reverse("source-list") + (f"?{urlencode(chosen)}" if chosen else "")
