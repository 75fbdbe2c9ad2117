"""Uploading ephemeris records from a file: the page and the template, under the data source."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.aurorax.records import GROUND
from apps.ephemeris.record_type import EPHEMERIS
from apps.permissions import Action
from apps.ui.links import Link
from apps.uploads.views.receiving import template_download, upload_page


@on_source(Action.EPHEMERIS_CREATE)
@require_http_methods(["GET", "POST"])
def upload(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The form; what it brings goes on to its own page, `uploads/<uuid>/`."""
    operating = Link(
        "No file? Say when the instrument operated",
        reverse("operating-times", args=[source.identifier]),
    )
    is_ground = source.source_type == GROUND
    return upload_page(request, source, EPHEMERIS, other_ways=[operating] if is_ground else [])


@on_source(Action.EPHEMERIS_CREATE)
@require_GET
def template(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A CSV file to fill in."""
    return template_download(source, EPHEMERIS)
