"""What happened: the list with its filter, one event with before and after, and the snapshots."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity import snapshots
from apps.activity.differences import compare
from apps.activity.forms import ActivityFilter
from apps.activity.models import Event, Snapshot
from apps.aurorax import DataSource, times
from apps.jobs.prefetch import batched
from apps.permissions import Action, NotAllowed, signed_in
from apps.ui.pages import render
from apps.ui.paging import page_of
from apps.ui.spreadsheets import csv_response

EXPORT_COLUMNS = [
    "time_utc", "person", "role", "note", "action", "outcome", "summary", "source_identifier", "source_name", "before", "after",
    "snapshot", "made_by", "made_by_note", "api_url",
]  # fmt: skip
STATED = "Somebody else's write kept this copy, and your address is only stated with your API key. Sign in with your password."


@signed_in
@require_GET
def activity_list(request: PortalRequest) -> HttpResponse:
    """Every write, newest first."""
    form = ActivityFilter(request.GET)
    page = page_of(form.chosen(), request.GET.get("page"))
    context = {"form": form, "page": page, "is_filtered": bool(form.given())}
    status = 422 if form.errors else 200
    return render(
        request, "activity/list.html", context, fragment="activity/_event_table.html", status=status
    )


@signed_in
@require_GET
def activity_export(request: PortalRequest) -> HttpResponseBase:
    """The events the filter shows, as CSV. A filter that cannot be used is explained where it is."""
    form = ActivityFilter(request.GET)
    if form.errors:
        return redirect(f"{reverse('activity-list')}?{request.GET.urlencode()}")
    return csv_response("activity.csv", EXPORT_COLUMNS, _export_rows(form.chosen().iterator()))


@signed_in
@require_GET
def activity_detail(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One event, with before and after side by side."""
    event = get_object_or_404(Event, pk=pk)
    fields = compare(event.before, event.after)
    context = {
        "event": event,
        "fields": fields,
        "changed": sum(field.differs for field in fields),
        "snapshot": Snapshot.objects.filter(pk=event.snapshot).first() if event.snapshot else None,
    }
    return render(request, "activity/detail.html", context)


@signed_in
@require_GET
def snapshot_download(request: PortalRequest, pk: UUID) -> StreamingHttpResponse:
    """The records of a snapshot as NDJSON in the shape uploads take, so that they can be uploaded again."""
    snapshot = get_object_or_404(Snapshot, pk=pk)
    if not request.user.email_is_proved and snapshot.user_id != request.user.pk:
        raise NotAllowed(STATED)
    if not snapshot.file.name or not snapshot.file.storage.exists(snapshot.file.name):
        raise Http404(
            f"This copy is gone: copies are kept for {settings.KEEP_COPIES_DAYS} days, and it was made at"
            f" {snapshot.taken_at:%Y-%m-%d %H:%M} UTC."
        )
    name = f"{snapshot.kind}-of-{snapshot.source_identifier}-{snapshot.taken_at:%Y%m%dT%H%M%S}.ndjson"
    lines = map(b"".join, batched(snapshots.lines_of(snapshot), snapshots.BATCH))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8", headers=headers)


@on_source(Action.SOURCE_SEE)
@require_GET
def source_activity(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The tab Activity of a data source."""
    events = Event.objects.about_source(source.identifier)
    context = {"page": page_of(events, request.GET.get("page"))}
    return render_source(request, source, "Activity", "activity/source.html", context)


def _export_rows(events: Iterator[Event]) -> Iterator[list[Any]]:
    for event in events:
        yield [
            times.write(event.at),
            event.actor,
            event.actor_role,
            event.actor_note,
            event.action,
            event.outcome,
            event.summary,
            event.source_identifier,
            event.source_name,
            "" if event.before is None else json.dumps(event.before, ensure_ascii=False),
            "" if event.after is None else json.dumps(event.after, ensure_ascii=False),
            event.snapshot or "",
            event.made_by,
            event.made_by_note,
            event.api_url,
        ]
