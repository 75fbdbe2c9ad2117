"""Making a new data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.http import PortalRequest
from apps.aurorax import errors
from apps.permissions import Action, requires
from apps.sources import services
from apps.sources.draft import SourceDraft
from apps.sources.forms import NewSourceForm
from apps.ui.forms import explain
from apps.ui.pages import render


@requires(Action.SOURCE_CREATE)
@require_http_methods(["GET", "POST"])
def create(request: PortalRequest) -> HttpResponse:
    """The form, its rows being added and removed, and the new data source."""
    draft = SourceDraft(NewSourceForm, request)
    if draft.is_submitted and draft.is_valid():
        try:
            source = services.create(by=request.user, client=request.aurorax, fields=draft.fields())
        except errors.AuroraXError as error:
            explain(draft.form, error)
        else:
            messages.success(request, f"Data source {source.identifier}, {source.display_name}, is created.")
            return redirect("source-detail", source.identifier)
    return render(
        request, "sources/create.html", {"draft": draft}, fragment=draft.fragment, status=draft.status
    )
