"""Events as files, and the copies of records that they kept."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.activity import snapshots
from apps.activity.copies import writing_copied_records
from apps.activity.forms import ActivityFilter
from apps.activity.models import Event, Snapshot
from apps.activity.rows import exported, plain_rows
from apps.jobs.prefetch import batched
from apps.permissions import signed_in
from apps.ui.spreadsheets import csv_response

COLUMNS = [
    "time_utc", "person", "role", "note", "action", "outcome", "summary", "source_identifier", "source_name", "before", "after",
    "snapshot", "made_by", "made_by_note", "api_url", "why", "remarks", "event", "undoes", "undone_by", "part_of", "about",
    "record_kind",
]  # fmt: skip
AT_ONCE = 200  # events


@signed_in
@require_GET
def activity_export(request: PortalRequest) -> HttpResponseBase:
    """The events the filter shows, those of bulk actions one by one, as CSV. A filter that cannot be used is explained
    where it is.
    """
    form = ActivityFilter(request.GET)
    if form.errors:
        return redirect(f"{reverse('activity-list')}?{request.GET.urlencode()}")
    return csv_response("activity.csv", COLUMNS, map(_cells, _exported(form.chosen())))


@signed_in
@require_GET
def activity_export_ndjson(request: PortalRequest) -> HttpResponseBase:
    """The same as NDJSON, where `before` and `after` are what they were."""
    form = ActivityFilter(request.GET)
    if form.errors:
        return redirect(f"{reverse('activity-list')}?{request.GET.urlencode()}")
    lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in _exported(form.chosen()))
    return _ndjson("activity.ndjson", (line.encode() for line in lines))


@writing_copied_records
@require_GET
def snapshot_download(request: PortalRequest, snapshot: Snapshot) -> HttpResponseBase:
    """The records of a snapshot as NDJSON in the shape uploads take, so that they can be uploaded again."""
    if not snapshot.file.name or not snapshot.file.storage.exists(snapshot.file.name):
        raise Http404(
            f"This copy is gone: copies are kept for {settings.KEEP_COPIES_DAYS} days, and it was made at"
            f" {snapshot.taken_at:%Y-%m-%d %H:%M} UTC."
        )
    name = f"{snapshot.kind}-of-{snapshot.source_identifier}-{snapshot.taken_at:%Y%m%dT%H%M%S}.ndjson"
    return _ndjson(name, map(b"".join, batched(snapshots.lines_of(snapshot), snapshots.BATCH)))


def _ndjson(name: str, lines: Iterator[bytes]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8", headers=headers)


def _exported(events: "QuerySet[Event]") -> Iterator[dict[str, Any]]:
    rows = chain.from_iterable(map(plain_rows, batched(events.iterator(), AT_ONCE)))
    return map(exported, rows)


def _cells(event: dict[str, Any]) -> list[Any]:
    return [_cell(event[name]) for name in COLUMNS]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
