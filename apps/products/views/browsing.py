"""Looking at data products by day, span and type."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.products import browsing
from apps.products.forms import SpanForm
from apps.ui.paging import page_of
from apps.uploads.availability import beside_url, spans_of
from apps.uploads.views.availability import availability_page

TAB = "Data products"
ROWS = 100


@on_source(Action.SOURCE_SEE)
@require_GET
def browse(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A span's data products; without a span those of the last day that has any."""
    form = SpanForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    shown = browsing.browse(
        client=request.aurorax,
        source=source,
        first=asked.get("first"),
        last=asked.get("last"),
        type_=asked.get("type", ""),
    )
    context: dict[str, Any] = {"shown": shown, "form": form, "asked_type": asked.get("type", "")}
    if shown:
        page = page_of(shown.records, request.GET.get("page"), size=ROWS)
        context |= {"page": page, "rows": [browsing.row_of(record) for record in page]}
        context |= {"availability_url": _availability_url(source, shown)}
        if form.is_valid():
            context["form"] = SpanForm(
                {"first": shown.first, "last": shown.last, "type": asked.get("type", "")}
            )
    return render_source(request, source, TAB, "products/browse.html", context)


@on_source(Action.SOURCE_SEE)
@require_GET
@gzip_page
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A calendar of all its data products."""
    return availability_page(request, source, TAB, ["products"])


def _availability_url(source: DataSource, shown: browsing.Span) -> str:
    spans = {slug: span for slug, span in spans_of(shown.stats).items() if slug == "products"}
    return beside_url("products-availability", source, spans)
