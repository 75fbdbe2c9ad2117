"""Replacing a data source's whole record, after a look at the difference."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource, errors
from apps.permissions import Action
from apps.sources import services
from apps.sources.changes import Fields, differences, fingerprint
from apps.sources.editor import SourceDraft
from apps.sources.forms import ReplacementForm
from apps.sources.labels import FIELD_LABELS
from apps.ui.forms import explain

CHANGED = "Somebody else has changed the data source, or the form is another: look at the difference again."


@on_source(Action.SOURCE_UPDATE)
@require_http_methods(["GET", "POST"])
def replace(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Three steps: the whole record in a form, what would change, and the replacement."""
    draft = SourceDraft(ReplacementForm, request, source)
    if not draft.is_submitted or not draft.is_valid():
        return _form(request, source, draft)
    fields = source.to_api() | draft.fields()
    looked_at = request.POST.get("looked_at", "")
    if looked_at != fingerprint(source.to_api(), fields):
        return _difference(request, source, fields, warning=CHANGED if looked_at else "")
    try:
        services.replace(
            by=request.user,
            client=request.aurorax,
            source=source,
            fields=fields,
            seen=source.to_api(),
            cause=Because(draft.form.note),
        )
    except services.SourceChangedMeanwhile as changed:
        return _difference(
            request, changed.current, changed.current.to_api() | draft.fields(), warning=CHANGED
        )
    except errors.AuroraXError as error:
        explain(draft.form, error)
        return _form(request, source, draft)
    messages.success(request, "The whole record is replaced.")
    return redirect("source-detail", source.identifier)


def _form(request: PortalRequest, source: DataSource, draft: SourceDraft) -> HttpResponse:
    return render_source(
        request,
        source,
        "",
        "sources/replace.html",
        {"draft": draft},
        fragment=draft.fragment,
        status=draft.status,
    )


def _difference(request: PortalRequest, source: DataSource, fields: Fields, *, warning: str) -> HttpResponse:
    """What would change, with everything that was posted in hidden fields."""
    context = {
        "differences": [(FIELD_LABELS[each.name], each) for each in differences(source.to_api(), fields)],
        "warning": warning,
        "looked_at": fingerprint(source.to_api(), fields),
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "looked_at")
            for value in values
        ],
    }
    return render_source(request, source, "", "sources/replace_confirm.html", context)
