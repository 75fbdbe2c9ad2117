"""Changing and adding single data products. AuroraX has no update: saving uploads the record again."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.products.forms import ProductForm
from apps.products.record_type import PRODUCTS
from apps.products.views.browsing import TAB
from apps.records import services
from apps.records.time_fields import RangeForm
from apps.records.views.edit import save_form
from apps.validation.row import Record


@on_source(Action.PRODUCTS_UPDATE)
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Change the record whose URL is in the query `url`; its `start` and `end` there spare a long search."""
    url = request.GET.get("url", "")
    if request.method == "POST":
        return _save(request, ProductForm(request.POST, kind=PRODUCTS, source=source, url=url))
    found = _find(request, source, url)
    return _show(request, ProductForm(kind=PRODUCTS, source=source, url=url, record=found))


@on_source(Action.PRODUCTS_CREATE)
@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    if request.method == "POST":
        return _save(request, ProductForm(request.POST, kind=PRODUCTS, source=source))
    return _show(request, ProductForm(kind=PRODUCTS, source=source))


def _find(request: PortalRequest, source: DataSource, url: str) -> Record:
    span = RangeForm(request.GET)
    first, last = (span.cleaned_data["start"], span.cleaned_data["end"]) if span.is_valid() else (None, None)
    found = services.find_anywhere(
        kind=PRODUCTS, client=request.aurorax, source=source, key=url, first=first, last=last
    )
    if found is None:
        raise Http404(f"AuroraX holds no data product of {source.display_name} with the URL “{url}”.")
    return found


def _save(request: PortalRequest, form: ProductForm) -> HttpResponse:
    def where(record: Record, shows: bool) -> str:
        days = urlencode({"first": record["start"][:10], "last": record["end"][:10]})
        return f"{reverse('products-browse', args=[form.source.identifier])}?{days}"

    return save_form(request, form, show=lambda status: _show(request, form, status=status), where=where)


def _show(request: PortalRequest, form: ProductForm, *, status: int = 200) -> HttpResponse:
    return render_source(request, form.source, TAB, "products/form.html", {"form": form}, status=status)
