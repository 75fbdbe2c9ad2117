"""Replacing a data source's whole record, after a look at the difference."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.list_worries import list_worries
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource, errors
from apps.drafts.services import keeps_drafts
from apps.permissions import Action
from apps.sources import services
from apps.sources.changes import Fields, NoBase, differences, fingerprint, merge, seal, unseal
from apps.sources.editor import SourceDraft
from apps.sources.forms import ReplacementForm
from apps.sources.labels import FIELD_LABELS
from apps.sources.last_changes import last_change
from apps.sources.sets import SCHEMAS
from apps.sources.views.schema_changes import impact_page
from apps.ui.forms import explain

Twice = dict[str, str]  # fields that two people changed, with who has changed them and when
CHANGED = "Somebody else has changed the data source, or the form is another: look at the difference again."


@on_source(Action.SOURCE_UPDATE)
@keeps_drafts
@require_http_methods(["GET", "POST"])
def replace(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Three steps: the whole record in a form, what would change, and the replacement."""
    draft = SourceDraft(ReplacementForm, request, source)
    if not draft.is_submitted or not draft.is_valid():
        return _form(request, source, draft)
    fields, twice = _merged(request, source, draft)
    looked_at = request.POST.get("looked_at", "")
    if looked_at != fingerprint(source.to_api(), fields):
        return _difference(request, source, fields, twice, warning=CHANGED if looked_at else "")
    if asks := impact_page(request, source, fields):
        return asks
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
        fields, twice = _merged(request, changed.current, draft)
        return _difference(request, changed.current, fields, twice, warning=CHANGED)
    except errors.AuroraXError as error:
        explain(draft.form, error)
        return _form(request, source, draft)
    draft.sent()
    messages.success(request, "The whole record is replaced.")
    return redirect("source-detail", source.identifier)


def _merged(request: PortalRequest, source: DataSource, draft: SourceDraft) -> tuple[Fields, Twice]:
    """The record as it would be, with what others have changed since the form was opened, and which fields both have changed:
    there it is as the form says. A form of an unknown version counts as it stands.
    """
    theirs, mine = source.to_api(), draft.fields()
    names = [name for name in theirs if name in mine]
    try:
        base = unseal(request.POST.get("base", ""), source, names)
    except NoBase:
        return theirs | mine, {}
    merged = merge(base=base, mine=mine, theirs=theirs)
    twice = {each.field: each for each in merged.conflicts}
    whole = {name: mine[name] for name, each in twice.items() if not each.part}
    return theirs | merged.changes | whole, {
        name: last_change(source.identifier, name, theirs[name]) for name in twice
    }


def _form(request: PortalRequest, source: DataSource, draft: SourceDraft) -> HttpResponse:
    return render_source(
        request,
        source,
        "",
        "sources/replace.html",
        {"draft": draft, "sealed": _sealed(source, draft)},
        fragment=draft.fragment,
        status=draft.status,
    )


def _sealed(source: DataSource, draft: SourceDraft) -> str:
    """The version the form was made from: the one it came with, or the one that is there now."""
    now = source.to_api()
    names = [*draft.form.fields, *SCHEMAS]
    return draft.posted.get("base") or seal(source, {name: now[name] for name in now if name in names})


def _difference(
    request: PortalRequest, source: DataSource, fields: Fields, twice: Twice, *, warning: str
) -> HttpResponse:
    """What would change, with everything that was posted in hidden fields."""
    context = {
        "differences": [
            (FIELD_LABELS[each.name], each, twice.get(each.name, ""))
            for each in differences(source.to_api(), fields)
        ],
        "warning": warning,
        "worries": list_worries(
            source.maintainers,
            fields["maintainers"],
            name=source.display_name,
            own_address=request.user.email,
        ),
        "looked_at": fingerprint(source.to_api(), fields),
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "looked_at")
            for value in values
        ],
    }
    return render_source(request, source, "", "sources/replace_confirm.html", context)
