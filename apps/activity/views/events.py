"""What happened: the list with its filter, one event with before and after, and the activity of one data source."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.copies import may_see_copy
from apps.activity.differences import compare
from apps.activity.forms import ActivityFilter
from apps.activity.models import Event, Snapshot
from apps.activity.rows import rows_for
from apps.aurorax import DataSource
from apps.permissions import Action, signed_in
from apps.ui.pages import render
from apps.ui.paging import page_of


@signed_in
@require_GET
def activity_list(request: PortalRequest) -> HttpResponse:
    """Every write, newest first."""
    form = ActivityFilter(request.GET)
    page = page_of(form.listed(), request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows_for(request, page.object_list),
        "is_filtered": bool(form.given()),
    }
    status = 422 if form.errors else 200
    return render(
        request, "activity/list.html", context, fragment="activity/_event_table.html", status=status
    )


@signed_in
@require_GET
def activity_detail(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One event: what it changed, what has become of it, and what can be done about it."""
    event = get_object_or_404(Event, pk=pk)
    (row,) = rows_for(request, [event])
    fields = compare(event.before, event.after)
    snapshot = Snapshot.objects.filter(pk=event.snapshot).first() if event.snapshot else None
    parts = page_of(Event.objects.filter(part_of=pk).order_by("at"), request.GET.get("page"))
    context = {
        "event": event,
        "row": row,
        "changed": [field for field in fields if field.differs],
        "unchanged": [field for field in fields if not field.differs],
        "snapshot": snapshot,
        "may_see_copy": snapshot is not None and bool(may_see_copy(request, snapshot)),
        "page": parts,
        "parts": rows_for(request, parts.object_list),
        **_beside(event),
    }
    return render(request, "activity/detail.html", context)


@on_source(Action.SOURCE_SEE)
@require_GET
def source_activity(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The tab Activity of a data source."""
    page = page_of(Event.objects.about_source(source.identifier), request.GET.get("page"))
    context = {"page": page, "rows": rows_for(request, page.object_list)}
    return render_source(request, source, "Activity", "activity/source.html", context)


def _beside(event: Event) -> dict[str, Any]:
    """The events that this one belongs to, takes back, follows, and is followed by."""
    named = Event.objects.in_bulk([pk for pk in (event.part_of, event.undoes) if pk])
    here = Event.objects.none()
    if event.source_identifier is not None:
        here = Event.objects.about_source(event.source_identifier)
    return {
        "whole": named.get(event.part_of),
        "undoes": named.get(event.undoes),
        "earlier": here.filter(at__lt=event.at).first(),
        "later": here.filter(at__gt=event.at).order_by("at").first(),
    }
