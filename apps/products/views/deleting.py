"""Deleting all data products within a span. Chosen ones: `apps.products.views.selecting`."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.deletions.views import deletion_calendar, deletion_page, range_page
from apps.permissions import Action
from apps.products.record_type import PRODUCTS

HINT = (
    "Nothing is deleted yet: the next page shows which data products lie wholly within this span, names those that begin"
    " before it or end after it, which stay unless you choose them, and asks."
)


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose a span."""
    return range_page(request, source, PRODUCTS, hint=HINT)


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def deletion(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What was found, the decision, and what became of it."""
    return deletion_page(request, source, PRODUCTS, pk)


@on_source(Action.PRODUCTS_DELETE)
@require_GET
def deletion_days(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What will be lost, in the calendar of what is there."""
    return deletion_calendar(request, source, PRODUCTS, pk)
