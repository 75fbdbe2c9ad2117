"""Looking at ephemeris records: by day, as a file, and one at a time."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, EphemerisRecord
from apps.availability.calendar import CalendarPage, kind_url
from apps.availability.views import availability_page
from apps.ephemeris import days
from apps.ephemeris.forms import DayForm
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.table import columns_of, details_of, table_of
from apps.permissions import Action
from apps.records import services
from apps.records.listing import ROWS, Listing
from apps.records.listing_csv import csv_text
from apps.records.views.tables import listing_context
from apps.ui.paging import page_of
from apps.validation.row import Record

TAB = "Ephemeris"


@on_source(Action.SOURCE_SEE, include_stats=True)
@require_GET
def browse(request: PortalRequest, source: DataSource) -> HttpResponse:
    """One day's records; without a day the last one that has any."""
    form = DayForm(request.GET)
    first, last = days.ends_of(source)
    day = (form.cleaned_data["day"] if form.is_valid() else None) or last
    if form.is_valid():
        form = DayForm({"day": day})
    context: dict[str, Any] = {"day": day, "form": form, "first": first, "last": last}
    if day:
        context |= {"steps": days.calendar_neighbours(source, day), "steps_hold_records": False}
        if url := kind_url("ephemeris", source):
            context |= {"availability_url": f"{url}&day={day}"}
        context |= _day_context(request, source, day)
    status = 422 if form.errors else 200
    return render_source(request, source, TAB, "ephemeris/browse.html", context, status=status)


@on_source(Action.SOURCE_SEE, include_stats=True, of_page=True)
@require_GET
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A calendar of all its records; with the day of the page that loads it also its steps to other days."""
    form = DayForm(request.GET)
    day = form.cleaned_data["day"] if form.is_valid() else None
    beside = partial(_steps_beside, request, source, day) if day else None
    return availability_page(request, source, TAB, ["ephemeris"], beside=beside)


@on_source(Action.SOURCE_SEE)
@require_GET
def export_csv(request: PortalRequest, source: DataSource, day: date) -> HttpResponse:
    """One day as CSV, under the column names that uploads know."""
    records = days.listing(request.aurorax, source, day).records
    return _download(
        csv_text(EPHEMERIS, source, records), "text/csv; charset=utf-8", f"{_stem(source, day)}.csv"
    )


@on_source(Action.SOURCE_SEE)
@require_GET
def export_json(request: PortalRequest, source: DataSource, day: date) -> HttpResponse:
    """One day as the JSON array that the API takes."""
    records = days.listing(request.aurorax, source, day).records
    return _download(json_array(source, records), "application/json", f"{_stem(source, day)}.json")


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
    found = services.find(
        kind=EPHEMERIS, client=request.aurorax, source=source, key=text, first=epoch, last=epoch
    )
    if found is None:
        raise Http404(f"AuroraX holds no ephemeris record of {source.display_name} at {text} UTC.")
    return found


def listing_of(request: PortalRequest, source: DataSource) -> Listing[EphemerisRecord]:
    """The records of the day in the query; 404 when there is none in it."""
    form = DayForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["day"]:
        raise Http404("Say which day: add ?day=2020-01-01 to the address.")
    return days.listing(request.aurorax, source, form.cleaned_data["day"])


def day_url(source: DataSource, day: date) -> str:
    """The address of a day's records."""
    return f"{reverse('ephemeris-browse', args=[source.identifier])}?day={day.isoformat()}"


def _steps_beside(
    request: PortalRequest, source: DataSource, day: date, shown: CalendarPage
) -> dict[str, Any]:
    """The steps from a day, told by the calendar where its years have both of them."""
    around = next((part.counts for part in shown.parts if part.first <= day.year <= part.last), {})
    return {
        "day": day,
        "steps": days.neighbours_with_records(request.aurorax, source, day, counted=around),
        "steps_hold_records": True,
        "beside": "ephemeris/_day_steps.html",
    }


def _day_context(request: PortalRequest, source: DataSource, day: date) -> dict[str, Any]:
    listing = days.listing(request.aurorax, source, day)
    page = page_of(listing.records, request.GET.get("page"), size=ROWS)
    columns = columns_of(source, list(page))
    context = listing_context(request, listing, page, columns=columns, table_of=table_of)
    exports = [
        (ending.upper(), reverse(f"ephemeris-export-{ending}", args=[source.identifier, day]))
        for ending in ("csv", "json")
    ]
    return context | {"exports": exports}


def _stem(source: DataSource, day: date) -> str:
    return f"ephemeris-of-{source.identifier}-{day.isoformat()}"


def _download(body: str, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


def json_array(source: DataSource, records: Iterable[EphemerisRecord]) -> str:
    """The array that the API takes, program, platform and instrument type in every record."""
    return json.dumps([source.key | record.to_api() for record in records], ensure_ascii=False, indent=1)
