"""What a change of a metadata schema does to the records: the page that is shown before it is saved, and the look at all."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.jobs.recovery import look_after
from apps.permissions import Action
from apps.records.types import type_of
from apps.sources.changes import Fields
from apps.sources.impact import impact_of, mark_of
from apps.sources.models import SchemaScan
from apps.sources.schema_fit import SchemaFit
from apps.ui.repeated_request import posted_fields

SEEN = "schema_seen"


def impact_page(request: PortalRequest, source: DataSource, changes: Fields) -> HttpResponse | None:
    """The page that says which records no longer fit, with everything that was posted; None where there are none, or where
    the person has seen exactly this already.
    """
    mark = mark_of(source, changes)
    if request.POST.get(SEEN) == mark:
        return None
    impacts = impact_of(by=request.user, client=request.aurorax, source=source, changes=changes)
    if not impacts:
        return None
    context = {
        "impacts": [(each, _told(each.scan)) for each in impacts],
        "mark": mark,
        "posted": posted_fields(request, leave_out=SEEN)["fields"],
    }
    return render_source(request, source, "", "sources/schema_impact.html", context)


@on_source(Action.SOURCE_UPDATE)
@require_GET
def scan(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """How far the look at all records has come, and what it has found."""
    found = get_object_or_404(SchemaScan, pk=pk, source_identifier=source.identifier, user=request.user)
    look_after(found)
    found.refresh_from_db()
    context = {"told": _told(found)}
    fragment = "sources/_schema_scan.html"
    return render_source(request, source, "", "sources/schema_scan.html", context, fragment=fragment)


def _told(found: SchemaScan | None) -> dict[str, object] | None:
    """What the fragment shows."""
    if found is None:
        return None
    fit = SchemaFit.from_json(found.found) if found.found else SchemaFit()
    return {"scan": found, "kind": type_of(found.kind), "fit": fit}
