"""The availability calendars of a data source, the same for every record type.

The feature apps declare the access and hand the data source over.
"""

from collections.abc import Sequence

from django.http import HttpResponse

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.availability.calendar import CalendarQuery, answer
from apps.records.types import type_of


def availability_page(
    request: PortalRequest, source: DataSource, tab: str, slugs: Sequence[str]
) -> HttpResponse:
    """A calendar for each of these kinds; for htmx only the card with them."""
    shown = answer(client=request.aurorax, source=source, slugs=slugs, question=CalendarQuery.of(request.GET))
    alone = type_of(slugs[0]).noun if len(slugs) == 1 else ""
    context = {"availability": shown, "path": request.path, "alone": alone}
    return render_source(
        request,
        source,
        tab,
        "availability/availability.html",
        context,
        fragment="availability/_availability.html",
    )
