"""Exporting ephemeris records of a span as files: the page and the download, under the data source."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.permissions import Action
from apps.records.views import exporting


@on_source(Action.SOURCE_SEE)
@require_GET
def export(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose a span and a format."""
    return exporting.export_page(request, source, EPHEMERIS)


@on_source(Action.SOURCE_SEE)
@require_GET
def download(request: PortalRequest, source: DataSource) -> HttpResponseBase:
    return exporting.download(request, source, EPHEMERIS)
