"""Changing part of a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors
from apps.permissions import Action
from apps.sources import services
from apps.sources.conflicts import Decisions
from apps.sources.draft import SourceDraft
from apps.sources.forms import EditForm
from apps.sources.labels import in_words
from apps.ui.forms import explain


@on_source(Action.SOURCE_UPDATE)
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The form filled from the data source; saving sends only what was changed in it."""
    draft = SourceDraft(EditForm, request, source)
    decisions = Decisions(request.POST, source)
    if draft.is_submitted and draft.is_valid() and decisions.are_made(draft):
        try:
            names = _save(request, source, draft, decisions)
        except services.ChangedMeanwhile as changed:
            decisions.ask(draft, changed)
        except errors.AuroraXError as error:
            explain(draft.form, error)
        else:
            messages.success(
                request, f"Saved: {in_words(names)}." if names else "Nothing to save: all is as it was."
            )
            return redirect("source-detail", source.identifier)
    return render_source(
        request,
        source,
        "",
        "sources/edit.html",
        {"draft": draft, "decisions": decisions},
        fragment=draft.fragment,
        status=draft.status,
    )


def _save(request: PortalRequest, source: DataSource, draft: SourceDraft, decisions: Decisions) -> list[str]:
    """The names of the fields that were sent."""
    _, names = services.update(
        by=request.user,
        client=request.aurorax,
        source=source,
        base=decisions.base,
        mine=draft.fields(),
        leave=decisions.leave,
    )
    return names
