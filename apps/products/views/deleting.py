"""Deleting all data products within a span. Chosen ones: `apps.products.views.selecting`."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.deletions import services
from apps.deletions.views import deletion_calendar, deletion_page, recent
from apps.permissions import Action
from apps.products.views.browsing import TAB
from apps.records.time_fields import RangeForm


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose a span. Posting it only looks what is there; the next page shows that and asks."""
    given = {name: request.GET[name] for name in ("start", "end") if name in request.GET}
    form = RangeForm(request.POST) if request.method == "POST" else RangeForm(initial=given)
    if request.method == "POST" and form.is_valid():
        deletion = services.look_for(
            by=request.user,
            source=source,
            kind="products",
            start=form.cleaned_data["start"],
            end=form.cleaned_data["end"],
        )
        return redirect("products-deletion", source.identifier, deletion.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "recent": recent(request.user, source, "products")}
    return render_source(request, source, TAB, "products/delete.html", context, status=status)


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def deletion(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What was found, the decision, and what became of it."""
    return deletion_page(request, source, "products", pk)


@on_source(Action.PRODUCTS_DELETE)
@require_GET
def deletion_days(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What will be lost, in the calendar of what is there."""
    return deletion_calendar(request, source, "products", pk)
