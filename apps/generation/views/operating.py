"""Ephemeris from the times an instrument on the ground operated."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.services import current_credential
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors
from apps.aurorax.records import GROUND
from apps.ephemeris.record_type import EPHEMERIS
from apps.generation import services
from apps.generation.forms import OperatingForm
from apps.generation.intervals import Interval
from apps.geomagnetism import aacgm
from apps.permissions import Action
from apps.readers.errors import UnreadableFile
from apps.sources.sites import find_sites
from apps.uploads.receiving import NoRoom, QuotaUsedUp

SHOWN = 20  # intervals
A_DAY = 1440  # minutes


class ShownInterval(NamedTuple):
    """One of them, for people."""

    first: datetime
    last: datetime
    minutes: int
    metadata: Mapping[str, str]


@on_source(Action.EPHEMERIS_CREATE)
@require_http_methods(["GET", "POST"])
def operating(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The form, what comes of it, and on to the page of the upload."""
    form = OperatingForm(request.POST, request.FILES) if request.method == "POST" else _empty(request, source)
    if form.is_valid() and "upload" in request.POST:
        try:
            upload = services.upload(
                by=request.user,
                credential=current_credential(request),
                source=source,
                file=form.received("operating intervals"),
                fills_traces=form.cleaned_data["fills_traces"],
                note=form.note,
            )
        except (UnreadableFile, NoRoom, QuotaUsedUp) as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("upload-detail", upload.pk)
    context = {
        "form": form,
        "is_ground": source.source_type == GROUND,
        "no_traces": "" if aacgm.is_installed() else aacgm.MISSING,
        "intervals": [_shown(each) for each in form.found[:SHOWN]],
        "months": _months(form.found),
        "back_url": EPHEMERIS.url("upload", source.identifier),
    }
    status = 422 if form.errors else 200
    return render_source(
        request, source, EPHEMERIS.label, "generation/operating.html", context, status=status
    )


def _empty(request: PortalRequest, source: DataSource) -> OperatingForm:
    """With the place of the latest record, where AuroraX has one."""
    initial: dict[str, Any] = {}
    try:
        counted = request.aurorax.sources.get(source.identifier, include_stats=True)
        sites = find_sites(client=request.aurorax, sources=[counted]).sites
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError:
        sites = []  # it can be typed
    if sites:
        initial = {"lat": sites[0].lat, "lon": sites[0].lon}
    return OperatingForm(initial=initial)


def _shown(each: Interval) -> ShownInterval:
    return ShownInterval(
        _moment(each.first), _moment(each.last), each.last - each.first + 1, dict(each.metadata)
    )


def _months(found: Sequence[Interval]) -> Sequence[tuple[str, int]]:
    """How many records each month has."""
    counted = Counter[str]()
    for each in found:
        minute = each.first
        while minute <= each.last:
            until = min(each.last, (minute // A_DAY + 1) * A_DAY - 1)
            counted[f"{_moment(minute):%Y-%m}"] += until - minute + 1
            minute = until + 1
    return sorted(counted.items())


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
