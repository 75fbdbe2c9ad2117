"""Changing and adding single ephemeris records. AuroraX has no update: saving uploads the record again."""

from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, times
from apps.ephemeris.forms import EphemerisForm
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.views.browsing import TAB, day_url, find
from apps.permissions import Action
from apps.records.views.edit import save_form
from apps.validation.row import Record


@on_source(Action.EPHEMERIS_UPDATE)
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource, epoch: datetime) -> HttpResponse:
    if request.method == "POST":
        return _save(request, EphemerisForm(request.POST, kind=EPHEMERIS, source=source, epoch=epoch))
    found = find(request, source, epoch)
    return _show(request, EphemerisForm(kind=EPHEMERIS, source=source, epoch=epoch, record=found))


@on_source(Action.EPHEMERIS_CREATE)
@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    if request.method == "POST":
        return _save(request, EphemerisForm(request.POST, kind=EPHEMERIS, source=source))
    return _show(request, EphemerisForm(kind=EPHEMERIS, source=source))


def _save(request: PortalRequest, form: EphemerisForm) -> HttpResponse:
    def where(record: Record, shows: bool) -> str:
        epoch = times.parse(record["epoch"])
        if shows:
            return reverse("ephemeris-record", args=[form.source.identifier, epoch])
        return day_url(form.source, epoch.date())

    return save_form(request, form, show=lambda status: _show(request, form, status=status), where=where)


def _show(request: PortalRequest, form: EphemerisForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "epoch": form.epoch}
    return render_source(request, form.source, TAB, "ephemeris/form.html", context, status=status)
