"""The availability calendars of a data source, the same for every kind of record.

The feature apps declare the access and hand the data source over, as with deletions.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.ui.calendars import Change
from apps.uploads.availability import Question, answer, with_change
from apps.uploads.deletables import DELETABLES
from apps.uploads.models.deletion import Deletion


def availability_page(
    request: PortalRequest, source: DataSource, tab: str, slugs: Sequence[str]
) -> HttpResponse:
    """A calendar for each of these kinds; for htmx only the card with them."""
    shown = answer(client=request.aurorax, source=source, slugs=slugs, question=Question.of(request.GET))
    context = {"availability": shown, "path": request.path, "alone": len(slugs) == 1}
    return render_source(
        request, source, tab, "uploads/availability.html", context, fragment="uploads/_availability.html"
    )


def deletion_calendar(request: PortalRequest, source: DataSource, kind: str, pk: UUID) -> HttpResponse:
    """What a deletion will take, within the calendar of what is there; for htmx only the calendar."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind, source_identifier=source.identifier)
    if not deletion.count:
        raise Http404("This deletion has found no records.")
    lost = {date.fromisoformat(day): count for day, count in deletion.survey["days"].items()}
    calendar = with_change(client=request.aurorax, source=source, slug=kind, change=Change(lost=lost))
    return render_source(
        request,
        source,
        DELETABLES[kind].tab,
        "uploads/deletion_calendar.html",
        {"calendar": calendar, "deletion": deletion},
        fragment="uploads/_deletion_calendar.html",
    )
