"""The search requests page, for Administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.http import PortalRequest
from apps.activity import searches
from apps.activity.forms import SearchFilter
from apps.permissions import Action, requires
from apps.ui.pages import render
from apps.ui.paging import page_of


@requires(Action.SEARCHES_MANAGE)
@require_GET
def search_list(request: PortalRequest) -> HttpResponse:
    form = SearchFilter(request.GET)
    rows = searches.found(by=request.user, client=request.aurorax, **form.given()) if form.is_valid() else []
    context = {"form": form, "page": page_of(rows, request.GET.get("page"))}
    return render(
        request,
        "activity/searches.html",
        context,
        fragment="activity/_search_table.html",
        status=422 if form.errors else 200,
    )


@requires(Action.SEARCHES_MANAGE)
@require_POST
def search_delete(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Delete one search request, and go back to the list."""
    searches.delete(by=request.user, client=request.aurorax, request_id=str(request_id))
    messages.success(request, f"The search request {request_id} is deleted.")
    return redirect("search-list")
