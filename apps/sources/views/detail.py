"""Looking at one data source."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.entries import entries_of
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, DataSourceStats
from apps.aurorax.records import GROUND
from apps.availability.calendar import beside_url, spans_of
from apps.availability.views import availability_page
from apps.charts.maps import draw_places
from apps.permissions import Action, decide
from apps.records.types import record_types
from apps.sources import repairs
from apps.sources.exports import json_download
from apps.sources.holdings import holdings_of
from apps.sources.labels import FIELD_LABELS, SOURCE_TYPE_LABELS
from apps.sources.rights import in_a_sentence, rights
from apps.sources.sets import SCHEMAS
from apps.sources.sites import find_sites
from apps.sources.standing import standing_now

NO_STATS = DataSourceStats()


@on_source(Action.SOURCE_SEE)
@require_GET
def overview(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Its attributes, and who may do what. How much it holds is counted after the page has come."""
    return _overview(request, source)


@on_source(Action.SOURCE_SEE, include_stats=True)
@require_GET
def stats(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The same page with its counts, which AuroraX may need a while for; for htmx only the counts."""
    return _overview(request, source)


@on_source(Action.SOURCE_SEE, include_stats=True, of_page=True)
@require_GET
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Calendars of all its records, of every type."""
    return availability_page(request, source, "Overview", [kind.slug for kind in record_types()])


@on_source(Action.SOURCE_SEE, include_stats=True, of_page=True)
@require_GET
def place(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Where a ground source stands, on a small map; for htmx only that."""
    found = find_sites(client=request.aurorax, sources=[source])
    site = found.sites[0] if found.sites else None
    context = {"place": {"site": site, "views": draw_places(found.places)[:1] if site else []}}
    return render_source(
        request, source, "Overview", "sources/place.html", context, fragment="sources/_source_place.html"
    )


@on_source(Action.SOURCE_SEE)
@require_GET
def schema(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Both metadata schemas."""
    schemas = [(name, FIELD_LABELS[name], getattr(source, name)) for name in SCHEMAS]
    return render_source(request, source, "Metadata schema", "sources/schema.html", {"schemas": schemas})


@on_source(Action.SOURCE_SEE)
@require_GET
def schema_json(request: PortalRequest, source: DataSource, name: str) -> HttpResponse:
    """One schema as JSON, which the editor reads again."""
    if name not in SCHEMAS:
        raise Http404(f"A data source has no {name}. Its schemas are {' and '.join(SCHEMAS)}.")
    return json_download(f"{name}-of-{source.identifier}.json", source.to_api()[name])


def _overview(request: PortalRequest, source: DataSource) -> HttpResponse:
    listed, key = rights(request.user, source), source.key.values()
    context = {
        "key": " ".join(key),
        "api_url": f"{request.aurorax.base_url}/api/v1/data_sources/{source.identifier}?format=full_record",
        "allowed_words": in_a_sentence(listed),
        "source_type_label": SOURCE_TYPE_LABELS.get(source.source_type, source.source_type),
        "rights": listed,
        "owners": entries_of([source.owner] if source.owner else [], you=request.user.email),
        "maintainers": entries_of(source.maintainers, you=request.user.email),
        "repair": repairs.note_of(source.identifier),
        "availability_url": beside_url("source-availability", source, spans_of(source.stats or NO_STATS)),
        **_counted(request, source),
    }
    return render_source(
        request, source, "Overview", "sources/detail.html", context, fragment="sources/_source_stats.html"
    )


def _counted(request: PortalRequest, source: DataSource) -> dict[str, Any]:
    """What is shown once AuroraX has counted: how much it holds and how it stands, where it stands, or what comes next."""
    if source.stats is None:
        return {"standing": None}
    held = holdings_of(source, source.stats, by=request.user)
    is_placed = source.source_type == GROUND and source.stats.ephemeris_count
    uploads = [kind for kind in record_types() if decide(request.user, kind.actions.create, source)]
    return {
        "holdings": held,
        "standing": standing_now(client=request.aurorax, source=source),
        "place_url": reverse("source-place", args=[source.identifier]) if is_placed else "",
        "next_steps": bool(uploads) and not any(each.count for each in held),
        "templates": [(kind, kind.url("template", source.identifier)) for kind in uploads],
    }
