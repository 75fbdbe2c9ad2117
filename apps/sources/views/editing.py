"""Changing part of a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource, errors
from apps.drafts.services import keeps_drafts
from apps.permissions import Action
from apps.sources import code, services
from apps.sources.changes import editable, merge
from apps.sources.conflicts import ConflictChoices
from apps.sources.editor import SourceDraft
from apps.sources.forms import EditForm
from apps.sources.labels import in_words
from apps.sources.views.schema_changes import impact_page
from apps.ui.forms import explain


@on_source(Action.SOURCE_UPDATE)
@keeps_drafts
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The form filled from the data source; saving sends only what was changed in it."""
    draft = SourceDraft(EditForm, request, source)
    decisions = ConflictChoices(draft.posted, source)
    shown = None
    if code.BUTTON in request.POST:
        shown = code.of_update(draft, decisions, source) if code.is_asked_for(draft) else None
    elif draft.is_submitted and draft.is_valid() and decisions.is_complete(draft):
        if asks := _impact(request, source, draft, decisions):
            return asks
        try:
            update = _save(request, source, draft, decisions)
        except services.SourceChangedMeanwhile as changed:
            decisions.ask(draft, changed)
        except errors.AuroraXError as error:
            explain(draft.form, error)
        else:
            draft.sent()
            _add_message(request, update)
            return redirect("source-detail", source.identifier)
    return render_source(
        request,
        source,
        "",
        "sources/edit.html",
        {"draft": draft, "decisions": decisions, "code": shown, "code_asked": code.BUTTON in request.POST},
        fragment=draft.fragment,
        status=draft.status,
    )


def _impact(
    request: PortalRequest, source: DataSource, draft: SourceDraft, decisions: ConflictChoices
) -> HttpResponse | None:
    """The page that asks about records which the change of a schema leaves behind; only where there is nothing else to ask."""
    merged = merge(base=decisions.base, mine=draft.fields(), theirs=editable(source), leave=decisions.leave)
    return None if merged.conflicts else impact_page(request, source, merged.changes)


def _save(
    request: PortalRequest, source: DataSource, draft: SourceDraft, decisions: ConflictChoices
) -> services.Update:
    return services.update(
        by=request.user,
        client=request.aurorax,
        source=source,
        base=decisions.base,
        mine=draft.fields(),
        leave=decisions.leave,
        cause=Because(draft.form.note),
    )


def _add_message(request: PortalRequest, update: services.Update) -> None:
    if not update.sent:
        messages.info(request, "Nothing to save: all is as it was.")
    elif update.not_kept:
        names = in_words(update.not_kept)
        messages.warning(
            request, f"Sent, but AuroraX holds something else as {names}. Look at what it holds now."
        )
    else:
        messages.success(request, f"Saved: {in_words(update.sent)}.")
