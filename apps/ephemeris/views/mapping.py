"""Ephemeris records on a map."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.aurorax.times import MINUTE
from apps.ephemeris.forms import A_DAY, LONGEST, MapForm
from apps.ephemeris.tracks import LOOKS, last_day, range_map
from apps.ephemeris.views.browsing import TAB
from apps.permissions import Action

LENGTHS = [("A day", A_DAY), ("7 days", timedelta(days=7) - MINUTE), ("31 days", LONGEST)]
# What is shown: all pictures side by side, or one of them large.
PICTURES = {"all": "All pictures", "world": "World", "north": "North", "south": "South"}


class Range(NamedTuple):
    """Another range to go to, both ends included; `is_here` marks the one that is shown."""

    label: str
    start: datetime
    end: datetime
    is_here: bool = False


@on_source(Action.SOURCE_SEE, of_page=True)
@require_GET
def show(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The tracks of a range of records; without a start those of the last day that has any. For htmx the map alone."""
    form = _form(request, source)
    context: dict[str, Any] = {"form": form, "map": None}
    if form.is_valid():
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        found = range_map(
            client=request.aurorax, source=source, start=start, end=end, of_page=bool(request.htmx)
        )
        context |= {"map": found, "drawing": found.drawing, "start": start, "end": end}
        context |= _choices(request) | {"ways": _ways(start, end), "lengths": _lengths(start, end)}
    return render_source(
        request,
        source,
        TAB,
        "ephemeris/map.html",
        context,
        fragment="ephemeris/_day_map.html",
        status=422 if form.errors else 200,
    )


def _form(request: PortalRequest, source: DataSource) -> MapForm:
    """The range asked for, with what was left out; unbound when none was and there are no records either."""
    given: dict[str, Any] = request.GET.dict()
    if not given.get("start") and not given.get("end"):
        start = last_day(client=request.aurorax, source=source)
        if start is None:
            return MapForm()
        given = {"start": start}
    form = MapForm(given)
    return MapForm(form.cleaned_data) if form.is_valid() else form


def _choices(request: PortalRequest) -> dict[str, Any]:
    """Which tracks are shown, all of them unless some are named, and which picture."""
    named, picture = request.GET.getlist("tracks"), request.GET.get("picture", "")
    return {
        "shown": [name for name in LOOKS if name in named] or list(LOOKS),
        "pictures": PICTURES.items(),
        "picture": picture if picture in PICTURES else "all",
    }


def _ways(start: datetime, end: datetime) -> list[Range]:
    """The ranges of the same length just before and after."""
    length = end - start + MINUTE
    return [Range("Earlier", start - length, end - length), Range("Later", start + length, end + length)]


def _lengths(start: datetime, end: datetime) -> list[Range]:
    """Ranges of other lengths from the same start."""
    return [Range(label, start, start + length, end - start == length) for label, length in LENGTHS]
