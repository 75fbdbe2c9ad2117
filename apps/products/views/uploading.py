"""Uploading data products records from a file: the page and the template, under the data source."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.products.record_type import PRODUCTS
from apps.ui.links import Link
from apps.uploads.views.receiving import template_download, upload_page


@on_source(Action.PRODUCTS_CREATE)
@require_http_methods(["GET", "POST"])
def upload(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The form; what it brings goes on to its own page, `uploads/<uuid>/`."""
    names = Link(
        "Only a list of URLs? Take the rest from their names",
        reverse("products-names", args=[source.identifier]),
    )
    return upload_page(request, source, PRODUCTS, other_ways=[names])


@on_source(Action.PRODUCTS_CREATE)
@require_GET
def template(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A CSV file to fill in."""
    return template_download(source, PRODUCTS)
