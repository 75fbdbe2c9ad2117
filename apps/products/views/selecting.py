"""Selecting data products of a span, and what can be done with them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.aurorax import DataProductRecord, DataSource
from apps.deletions import services
from apps.permissions import Action
from apps.products.record_type import PRODUCTS
from apps.products.views.browsing import listing_of
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
    """A span, or one page of it, as a file."""
    return tables.records_csv(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_POST
def columns(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose which columns to see."""
    return tables.choose_columns(request, source, PRODUCTS)


@on_source(Action.PRODUCTS_DELETE)
@require_POST
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Begin to delete what is selected, by its URLs: the next page shows it and asks."""
    listing = listing_of(request, source)

    def begin(chosen: list[DataProductRecord]) -> HttpResponse:
        deletion = services.look_for(
            by=request.user,
            source=source,
            kind=PRODUCTS.slug,
            start=min([listing.start, *(record.start for record in chosen)]),
            end=max([listing.end, *(record.end for record in chosen)]),
            urls=[record.url for record in chosen],
        )
        return redirect("products-deletion", source.identifier, deletion.pk)

    return tables.with_selected(request, listing, begin)
