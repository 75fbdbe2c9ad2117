"""Giving a metadata schema to other data sources: choose, look, do, and how it went on each."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.sources import schema_copies
from apps.sources.forms.copying import SchemaCopyForm
from apps.sources.labels import FIELD_LABELS
from apps.sources.sets import SCHEMAS
from apps.ui.paging import page_of

TAB = "Metadata schema"
SHOWN = 200  # data sources on a page of the choice


@on_source(Action.SOURCE_UPDATE)
@require_http_methods(["GET", "POST"])
def copy(request: PortalRequest, source: DataSource, name: str) -> HttpResponse:
    """Choose data sources; the second POST, after the page that shows what changes, does it."""
    if name not in SCHEMAS:
        raise Http404(f"A data source has no {name}. Its schemas are {' and '.join(SCHEMAS)}.")
    there = schema_copies.targets(request.aurorax.sources.directory(), by=request.user, source=source)
    form = SchemaCopyForm(request.POST if request.method == "POST" else None, sources=there)
    if request.method == "GET" or not form.is_valid():
        return _choose(request, source, name, form, status=200 if request.method == "GET" else 422)
    planned = schema_copies.plan(
        by=request.user, client=request.aurorax, source=source, name=name, chosen=form.chosen
    )
    mark = schema_copies.mark_of(name, source.to_api()[name], planned)
    if request.POST.get("seen") != mark:
        return _preview(request, source, form, _context(name) | {"planned": planned, "mark": mark})
    results = schema_copies.give(
        by=request.user,
        client=request.aurorax,
        source=source,
        name=name,
        planned=[each for each in planned if not each.is_same],
        cause=Because(form.note),
    )
    failed = sum(bool(each.message) for each in results)
    context = _context(name) | {"results": results, "failed": failed}
    return render_source(request, source, TAB, "sources/schema_copy_results.html", context)


def _choose(
    request: PortalRequest, source: DataSource, name: str, form: SchemaCopyForm, *, status: int
) -> HttpResponse:
    words = request.GET.get("q", "").lower()
    found = [each for each in form.sources.values() if words in f"{each.display_name} {each.program}".lower()]
    page = page_of(found, request.GET.get("page"), size=SHOWN)
    chosen = {*request.POST.getlist("source")}
    rows = [(each, str(each.identifier) in chosen, each.program == source.program) for each in page]
    context = _context(name) | {"form": form, "page": page, "rows": rows, "words": request.GET.get("q", "")}
    context["fields"] = getattr(source, name)
    return render_source(request, source, TAB, "sources/schema_copy.html", context, status=status)


def _preview(
    request: PortalRequest, source: DataSource, form: SchemaCopyForm, context: dict[str, Any]
) -> HttpResponse:
    count = sum(not each.is_same for each in context["planned"])
    context |= {"form": form, "count": count}
    return render_source(request, source, TAB, "sources/schema_copy_preview.html", context)


def _context(name: str) -> dict[str, Any]:
    return {"name": name, "label": FIELD_LABELS[name]}
