"""Changing and adding single ephemeris records. AuroraX has no update: saving uploads the record again."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors, times
from apps.ephemeris.forms import EphemerisForm
from apps.ephemeris.kind import EPHEMERIS
from apps.ephemeris.views.browsing import TAB, day_url, find
from apps.permissions import Action
from apps.ui.forms import explain
from apps.uploads import single_records


@on_source(Action.EPHEMERIS_UPDATE)
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, source: DataSource, epoch: datetime) -> HttpResponse:
    """Change one record."""
    if request.method == "POST":
        return _save(request, source, EphemerisForm(request.POST, kind=EPHEMERIS, source=source, epoch=epoch))
    found = find(request, source, epoch)
    return _show(request, source, EphemerisForm(kind=EPHEMERIS, source=source, epoch=epoch, record=found))


@on_source(Action.EPHEMERIS_CREATE)
@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Add one record."""
    if request.method == "POST":
        return _save(request, source, EphemerisForm(request.POST, kind=EPHEMERIS, source=source))
    return _show(request, source, EphemerisForm(kind=EPHEMERIS, source=source))


def _save(request: PortalRequest, source: DataSource, form: EphemerisForm) -> HttpResponse:
    if not form.is_valid() or form.record is None:
        return _show(request, source, form, status=422)
    if not single_records.is_changed(form.record, form.seen):
        messages.info(request, "Nothing was changed, so nothing was sent.")
        return redirect("ephemeris-record", source.identifier, form.epoch)
    try:
        shows = single_records.save(
            by=request.user,
            kind=EPHEMERIS,
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
    return _saved(request, source, times.parse(form.record["epoch"]), shows)


def _saved(request: PortalRequest, source: DataSource, epoch: datetime, shows: bool) -> HttpResponse:
    if shows:
        messages.success(request, "Saved, and read back from AuroraX.")
        return redirect("ephemeris-record", source.identifier, epoch)
    messages.info(request, "AuroraX has accepted the record. It will show here shortly.")
    return redirect(day_url(source, epoch.date()))


def _show(
    request: PortalRequest, source: DataSource, form: EphemerisForm, *, status: int = 200
) -> HttpResponse:
    return render_source(
        request, source, TAB, "ephemeris/form.html", {"form": form, "epoch": form.epoch}, status=status
    )
