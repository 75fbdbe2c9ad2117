"""Looking at ephemeris records: by day, as a file, and one at a time."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.ephemeris import days, export
from apps.ephemeris.forms import DayForm
from apps.ephemeris.kind import EPHEMERIS
from apps.ephemeris.table import details_of, table_of
from apps.permissions import Action
from apps.ui.paging import page_of
from apps.ui.spreadsheets import csv_lines
from apps.uploads import single_records
from apps.uploads.availability import beside_url
from apps.uploads.holdings import Span
from apps.uploads.row_check import Record
from apps.uploads.views.availability import availability_page

TAB = "Ephemeris"
ROWS = 100


@on_source(Action.SOURCE_SEE)
@require_GET
def browse(request: PortalRequest, source: DataSource) -> HttpResponse:
    """One day's records; without a day the last one that has any."""
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    shown = days.browse(client=request.aurorax, source=source, day=asked)
    if form.is_valid():
        form = DayForm({"day": shown.day if shown else None})
    context: dict[str, Any] = {"shown": shown, "form": form}
    if shown:
        page = page_of(shown.records, request.GET.get("page"), size=ROWS)
        context |= {"page": page, "table": table_of(source, list(page))}
        context |= {"availability_url": _availability_url(source, shown)}
    return render_source(request, source, TAB, "ephemeris/browse.html", context)


@on_source(Action.SOURCE_SEE)
@require_GET
@gzip_page
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A calendar of all its records."""
    return availability_page(request, source, TAB, ["ephemeris"])


@on_source(Action.SOURCE_SEE)
@require_GET
def export_csv(request: PortalRequest, source: DataSource, day: date) -> HttpResponse:
    """One day as CSV, under the column names that uploads know."""
    records = days.records_of(client=request.aurorax, source=source, day=day)
    fields = export.metadata_fields(source, records)
    header = [*export.COLUMNS, *(f"metadata.{name}" for name in fields)]
    body = "".join(csv_lines(header, export.csv_rows(records, fields)))
    return _download(body, "text/csv; charset=utf-8", f"{_stem(source, day)}.csv")


@on_source(Action.SOURCE_SEE)
@require_GET
def export_json(request: PortalRequest, source: DataSource, day: date) -> HttpResponse:
    """One day as the JSON array that the API takes."""
    records = days.records_of(client=request.aurorax, source=source, day=day)
    return _download(export.json_array(source, records), "application/json", f"{_stem(source, day)}.json")


@on_source(Action.SOURCE_SEE)
@require_GET
def record(request: PortalRequest, source: DataSource, epoch: datetime) -> HttpResponse:
    """One record with everything in it."""
    found = find(request, source, epoch)
    context = {"epoch": epoch, "locations": details_of(found), "metadata": found.get("metadata")}
    return render_source(request, source, TAB, "ephemeris/record.html", context)


def find(request: PortalRequest, source: DataSource, epoch: datetime) -> Record:
    """The record of this minute; 404 when there is none."""
    text = epoch.strftime("%Y-%m-%dT%H:%M:%S")
    found = single_records.find(
        kind=EPHEMERIS, client=request.aurorax, source=source, key=text, first=epoch, last=epoch
    )
    if found is None:
        raise Http404(f"AuroraX holds no ephemeris record of {source.display_name} at {text} UTC.")
    return found


def day_url(source: DataSource, day: date) -> str:
    """The address of a day's records."""
    return f"{reverse('ephemeris-browse', args=[source.identifier])}?day={day.isoformat()}"


def _availability_url(source: DataSource, shown: days.Day) -> str:
    spans = {"ephemeris": Span(shown.first, shown.last)} if shown.first and shown.last else {}
    return beside_url("ephemeris-availability", source, spans)


def _stem(source: DataSource, day: date) -> str:
    return f"ephemeris-of-{source.identifier}-{day.isoformat()}"


def _download(body: str, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)
