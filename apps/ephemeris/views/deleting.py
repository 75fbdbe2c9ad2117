"""Deleting a range of ephemeris records."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.deletions.views import deletion_calendar, deletion_page, range_page
from apps.ephemeris.record_type import EPHEMERIS
from apps.permissions import Action

HINT = "Nothing is deleted yet: the next page shows what this range holds, and asks."


@on_source(Action.EPHEMERIS_DELETE)
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose a range."""
    return range_page(request, source, EPHEMERIS, hint=HINT)


@on_source(Action.EPHEMERIS_DELETE)
@require_http_methods(["GET", "POST"])
def deletion(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What the range holds, the decision, and what became of it."""
    return deletion_page(request, source, EPHEMERIS, pk)


@on_source(Action.EPHEMERIS_DELETE)
@require_GET
def deletion_days(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What will be lost, in the calendar of what is there."""
    return deletion_calendar(request, source, EPHEMERIS, pk)
