"""Changing and adding single data products. AuroraX has no update: saving uploads the record again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors
from apps.permissions import Action
from apps.products.forms import ProductForm
from apps.products.kind import PRODUCTS
from apps.products.views.browsing import TAB
from apps.ui.forms import explain
from apps.uploads import single_records
from apps.uploads.row_check import Record


@on_source(Action.PRODUCTS_UPDATE)
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Change the record whose URL is in the query `url`."""
    url = request.GET.get("url", "")
    if request.method == "POST":
        return _save(request, source, ProductForm(request.POST, kind=PRODUCTS, source=source, url=url))
    return _show(
        request,
        source,
        ProductForm(kind=PRODUCTS, source=source, url=url, record=_find(request, source, url)),
    )


@on_source(Action.PRODUCTS_CREATE)
@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Add one record."""
    if request.method == "POST":
        return _save(request, source, ProductForm(request.POST, kind=PRODUCTS, source=source))
    return _show(request, source, ProductForm(kind=PRODUCTS, source=source))


def _find(request: PortalRequest, source: DataSource, url: str) -> Record:
    found = single_records.find_by_key(kind=PRODUCTS, client=request.aurorax, source=source, key=url)
    if found is None:
        raise Http404(f"AuroraX holds no data product of {source.display_name} with the URL “{url}”.")
    return found


def _save(request: PortalRequest, source: DataSource, form: ProductForm) -> HttpResponse:
    if not form.is_valid() or form.record is None:
        return _show(request, source, form, status=422)
    if not single_records.is_changed(form.record, form.seen):
        messages.info(request, "Nothing was changed, so nothing was sent.")
        return redirect("products-browse", source.identifier)
    try:
        shows = single_records.save(
            by=request.user,
            kind=PRODUCTS,
            client=request.aurorax,
            source=source,
            record=form.record,
            base=form.seen,
        )
    except single_records.ChangedMeanwhile as changed:
        form.now_holds(changed.current)
        return _show(request, source, form, status=409)
    except errors.AuroraXError as error:
        explain(form, error)
        return _show(request, source, form, status=422)
    return _saved(request, source, form.record, shows)


def _saved(request: PortalRequest, source: DataSource, record: Record, shows: bool) -> HttpResponse:
    if shows:
        messages.success(request, "Saved, and read back from AuroraX.")
    else:
        messages.info(request, "AuroraX has accepted the record. It will show here shortly.")
    span = urlencode({"first": record["start"][:10], "last": record["end"][:10]})
    return redirect(f"{reverse('products-browse', args=[source.identifier])}?{span}")


def _show(
    request: PortalRequest, source: DataSource, form: ProductForm, *, status: int = 200
) -> HttpResponse:
    return render_source(request, source, TAB, "products/form.html", {"form": form}, status=status)
