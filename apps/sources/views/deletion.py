"""Deleting a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource, DataSourceStats, errors
from apps.permissions import Action
from apps.sources import code, services
from apps.sources.forms import DeletionForm
from apps.sources.holdings import Holding, holdings_of
from apps.ui.forms import explain

DATA_REMAINS = (
    "AuroraX keeps a data source as long as it holds data. Delete its records first, then come back here."
)
STILL_MOVING = (
    "AuroraX says that it holds data, though none is counted: an upload or a deletion may still be under way. Try again"
    " in a few minutes."
)


@on_source(Action.SOURCE_DELETE)
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """What it still holds, the typed confirmation, and the deletion."""
    form = DeletionForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            services.delete(by=request.user, client=request.aurorax, source=source, cause=Because(form.note))
        except errors.Conflict:
            form.add_error(None, DATA_REMAINS if _holdings(request, source) else STILL_MOVING)
        except errors.AuroraXError as error:
            explain(form, error)
        else:
            messages.success(request, f"Data source {source.identifier}, {source.display_name}, is deleted.")
            return redirect("source-list")
    context = {"form": form, "holdings": _holdings(request, source), "code": code.of_deletion(source)}
    status = 422 if form.errors else 200
    return render_source(request, source, "", "sources/delete.html", context, status=status)


def _holdings(request: PortalRequest, source: DataSource) -> list[Holding]:
    """What stands in the way."""
    counted = request.aurorax.sources.get(source.identifier, include_stats=True)
    return [held for held in holdings_of(source, counted.stats or DataSourceStats()) if held.count]
