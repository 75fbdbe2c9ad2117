"""The availability calendars of a data source, the same for every record type.

The feature apps declare the access and hand the data source over.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.availability.calendar import CalendarPage, CalendarQuery, answer
from apps.records.types import type_of


def availability_page(
    request: PortalRequest,
    source: DataSource,
    tab: str,
    slugs: Sequence[str],
    *,
    beside: Callable[[CalendarPage], dict[str, Any]] | None = None,
) -> HttpResponse:
    """A calendar for each of these kinds; for htmx only the card with them, and what the page shows elsewhere that can be
    told by their counts: the context of the template that is named `beside` in it.
    """
    shown = answer(client=request.aurorax, source=source, slugs=slugs, question=CalendarQuery.of(request.GET))
    alone = type_of(slugs[0]).noun if len(slugs) == 1 else ""
    context = {"availability": shown, "path": request.path, "alone": alone}
    context |= beside(shown) if beside and request.htmx else {}
    return render_source(
        request,
        source,
        tab,
        "availability/availability.html",
        context,
        fragment="availability/_availability.html",
    )
