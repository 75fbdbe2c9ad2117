"""The availability calendars of a data source, the same for every kind of record, and what a write does to them.

Where a page is a data source's, the feature apps declare the access and hand the data source over, as with deletions.
"""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.ui.pages import render
from apps.uploads.access import seeing_upload
from apps.uploads.availability import Question, answer, change_of, loss_of, source_of, with_change
from apps.uploads.deletables import DELETABLES
from apps.uploads.models import Deletion, Upload
from apps.uploads.progress import Progress


def availability_page(
    request: PortalRequest, source: DataSource, tab: str, slugs: Sequence[str]
) -> HttpResponse:
    """A calendar for each of these kinds; for htmx only the card with them."""
    shown = answer(client=request.aurorax, source=source, slugs=slugs, question=Question.of(request.GET))
    alone = DELETABLES[slugs[0]].noun if len(slugs) == 1 else ""
    context = {"availability": shown, "path": request.path, "alone": alone}
    return render_source(
        request, source, tab, "uploads/availability.html", context, fragment="uploads/_availability.html"
    )


def deletion_calendar(request: PortalRequest, source: DataSource, kind: str, pk: UUID) -> HttpResponse:
    """What a deletion will take, within the calendar of what is there; for htmx only the calendar."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind, source_identifier=source.identifier)
    if not deletion.count:
        raise Http404("This deletion has found no records.")
    change = loss_of(deletion)
    context = {
        "title": "What will be lost",
        "label": "What will be lost",
        "calendar": with_change(client=request.aurorax, source=source, slug=kind, change=change),
        "back": reverse(f"{kind}-deletion", args=[source.identifier, pk]),
    }
    page, tab = "uploads/deletion_calendar.html", DELETABLES[kind].tab
    return render_source(request, source, tab, page, context, fragment="uploads/_change_calendar.html")


@seeing_upload
@require_GET
def upload_calendar(request: PortalRequest, upload: Upload) -> HttpResponse:
    """What a file will do, within the calendar of what is there; for htmx only the calendar."""
    progress = Progress(upload, may_act=False)
    if not progress.calendar_url:
        raise Http404("There is nothing to decide about this upload.")
    source, change = source_of(upload), change_of(upload)
    context = {
        "title": "What will change, day by day",
        "label": "What will change",
        "calendar": with_change(client=request.aurorax, source=source, slug=upload.kind, change=change),
        "upload": upload,
        "progress": progress,
    }
    page = "uploads/upload_calendar.html"
    return render(request, page, context, fragment="uploads/_change_calendar.html")
