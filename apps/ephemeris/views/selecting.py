"""Selecting ephemeris records of a day, and what can be done with them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, EphemerisRecord, times
from apps.deletions import services
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.runs import runs_of
from apps.ephemeris.views.browsing import TAB, listing_of
from apps.permissions import Action
from apps.records.views import tables


@on_source(Action.SOURCE_SEE)
@require_POST
def select(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Tick and untick."""
    return tables.select(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_GET
def selection_csv(request: PortalRequest, source: DataSource) -> HttpResponse:
    """What is selected, as a file."""
    return tables.selection_csv(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_GET
def records_csv(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A day, or one page of it, as a file."""
    return tables.records_csv(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_POST
def columns(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose which columns to see."""
    return tables.choose_columns(request, source, EPHEMERIS)


@on_source(Action.EPHEMERIS_DELETE)
@require_POST
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Begin to delete what is selected, if it is one range: the next page shows it and asks. Else name its ranges."""
    listing = listing_of(request, source)

    def begin(chosen: list[EphemerisRecord]) -> HttpResponse:
        runs = runs_of(listing.keys, map(listing.key, chosen))
        if len(runs) > 1:
            context = {"runs": runs, "count": len(chosen), "browse_url": listing.address("browse")}
            return render_source(request, source, TAB, "ephemeris/runs.html", context)
        deletion = services.look_for(
            by=request.user,
            source=source,
            kind=EPHEMERIS.slug,
            start=times.parse(runs[0].first),
            end=times.parse(runs[0].last),
        )
        return redirect("ephemeris-deletion", source.identifier, deletion.pk)

    return tables.with_selected(request, listing, begin)
