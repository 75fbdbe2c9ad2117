"""Looking at data products by day, span and type: as pictures or as a table."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataProductRecord, DataSource
from apps.aurorax.products import FoundProducts
from apps.availability.calendar import kind_url
from apps.availability.views import availability_page
from apps.permissions import Action, decide
from apps.products.forms import SpanForm
from apps.products.gallery import gallery_of
from apps.products.spans import DaySpan, span_of
from apps.products.table import columns_of, table_of
from apps.records.listing import ROWS, Listing
from apps.records.views.tables import listing_context
from apps.ui.paging import page_of

TAB = "Data products"
VIEWS = ("gallery", "table")
VIEW_KEY = "products-view"  # in the session: the view a person chose last
Shown = Callable[[PortalRequest, DataSource, dict[str, Any]], HttpResponse]
PICTURES = "pictures"  # in the address: "all" also from hosts that are not in GALLERY_HOSTS
ANYWHERE = ["https:", "http:"]  # where product URLs may point


@on_source(Action.SOURCE_SEE, include_stats=True)
@require_GET
def browse(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A span's data products; without a span those of the last day that has any."""
    form = SpanForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    span = span_of(source, **_ends(asked))
    if span and form.is_valid():
        form = SpanForm({"first": span.first, "last": span.last, "type": span.type})
    context = {"span": span, "form": form, "view": _view(request)}
    if span is None:
        return _shown(request, source, context)
    context["availability_url"] = kind_url("products", source)
    return (_gallery if context["view"] == "gallery" else _table)(request, span, context)


def _gallery(request: PortalRequest, span: DaySpan, context: dict[str, Any]) -> HttpResponse:
    listing = span.listing(request.aurorax)
    page = page_of(listing.records, request.GET.get("page"), size=ROWS)
    may_edit = bool(decide(request.user, Action.PRODUCTS_UPDATE, span.source))
    load_all = request.GET.get(PICTURES) == "all"
    gallery = gallery_of(span, page, may_edit=may_edit, load_all=load_all)
    context |= {
        "listing": listing,
        "page": page,
        "gallery": gallery,
        **_around(span, listing, page),
        "views": _views(listing, page.number, "gallery"),
        "pictures_url": listing.address("browse", page=page.number, view="gallery", pictures="all"),
    }
    return _with_pictures(from_anywhere=load_all)(request, span.source, context)


def _table(request: PortalRequest, span: DaySpan, context: dict[str, Any]) -> HttpResponse:
    listing = span.listing(request.aurorax)
    page = page_of(listing.records, request.GET.get("page"), size=ROWS)
    columns = columns_of(span.source, list(page))
    may_edit = bool(decide(request.user, Action.PRODUCTS_UPDATE, span.source))
    context |= listing_context(
        request, listing, page, columns=columns, table_of=partial(table_of, may_edit=may_edit)
    )
    context["views"] = _views(listing, page.number, "table")
    context |= _around(span, listing, page)
    return _shown(request, span.source, context)


def _with_pictures(*, from_anywhere: bool) -> Shown:
    """`_shown` with leave for the browser to load pictures from elsewhere."""
    hosts = ANYWHERE if from_anywhere else settings.GALLERY_HOSTS
    # django-csp's types know only views of one argument; the decorator passes on all.
    return cast("Shown", csp_update({"img-src": [*hosts]})(cast("Any", _shown)))


def _shown(request: PortalRequest, source: DataSource, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render_source(request, source, TAB, "products/browse.html", context, status=status)


@on_source(Action.SOURCE_SEE, include_stats=True, of_page=True)
@require_GET
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A calendar of all its data products."""
    return availability_page(request, source, TAB, ["products"])


def listing_of(request: PortalRequest, source: DataSource) -> Listing[DataProductRecord]:
    """The data products of the span and type in the query; 404 when there is no span in it."""
    form = SpanForm(request.GET)
    span = span_of(source, **_ends(form.cleaned_data)) if form.is_valid() else None
    if span is None:
        raise Http404("Say which days: add ?first=2020-01-01&last=2020-01-02 to the address.")
    return span.listing(request.aurorax)


def _around(
    span: DaySpan, listing: Listing[DataProductRecord], page: Iterable[DataProductRecord]
) -> dict[str, Any]:
    """How many of the products began before the days shown: the calendar counts them there. And where to go next: what
    is shown here may last longer than the statistics know.
    """
    lasting = any(record.end > listing.end for record in page)
    return {
        "begun_before": cast("FoundProducts", listing.records).begun_before(listing.start),
        "later": span.following if lasting else span.later,
    }


def _ends(asked: dict[str, Any]) -> dict[str, Any]:
    return {"first": asked.get("first"), "last": asked.get("last"), "type_": asked.get("type", "")}


def _views(listing: Listing[DataProductRecord], page: int, current: str) -> list[dict[str, Any]]:
    """The ways to look at a page of products, one of them open."""
    return [
        {
            "label": view.capitalize(),
            "url": listing.address("browse", page=page, view=view),
            "current": view == current,
        }
        for view in VIEWS
    ]


def _view(request: PortalRequest) -> str:
    """The view asked for, which is remembered; else the one last asked for; pictures for who never chose."""
    asked = request.GET.get("view")
    if asked in VIEWS and asked != request.session.get(VIEW_KEY):
        request.session[VIEW_KEY] = asked
    return str(request.session.get(VIEW_KEY, VIEWS[0]))
