"""Making a new data source."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from apps.accounts.http import PortalRequest
from apps.activity.causes import Because
from apps.aurorax import errors
from apps.drafts.services import keeps_drafts
from apps.permissions import Action, requires
from apps.sources import code, services
from apps.sources.changes import Fields
from apps.sources.editor import SourceDraft
from apps.sources.forms import NewSourceForm
from apps.ui.forms import explain
from apps.ui.pages import render


@requires(Action.SOURCE_CREATE)
@keeps_drafts
@require_http_methods(["GET", "POST"])
def create(request: PortalRequest) -> HttpResponse:
    """The form, its rows being added and removed, and the new data source."""
    draft = SourceDraft(NewSourceForm, request)
    context: dict[str, Any] = {"draft": draft}
    if code.BUTTON in request.POST:
        context |= {"code_asked": True, "code": code.of_creation(draft) if code.is_asked_for(draft) else None}
    elif draft.is_submitted and draft.is_valid():
        try:
            source = services.create(
                by=request.user, client=request.aurorax, fields=draft.fields(), cause=Because(draft.form.note)
            )
        except errors.Conflict as error:
            draft.form.add_error(None, _taken(request, draft.fields()) or error.message)
        except errors.AuroraXError as error:
            explain(draft.form, error)
        else:
            draft.sent()
            messages.success(request, f"Data source {source.identifier}, {source.display_name}, is created.")
            return redirect("source-detail", source.identifier)
    return render(request, "sources/create.html", context, fragment=draft.fragment, status=draft.status)


def _taken(request: PortalRequest, fields: Fields) -> str:
    """Which data source has this identifier, or these program, platform and instrument type, already; with a link."""
    key = {name: fields[name] for name in ("program", "platform", "instrument_type")}
    for source in request.aurorax.sources.list():
        if source.identifier == fields["identifier"] or source.key == key:
            return format_html(
                "AuroraX has this data source already: <a class='alert-link' href='{}'>{}, {}</a>. "
                "Change that one, or give another {}.",
                reverse("source-detail", args=[source.identifier]),
                source.identifier,
                source.display_name,
                "program, platform or instrument type" if source.key == key else "identifier",
            )
    return ""
