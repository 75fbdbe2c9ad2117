"""Noting that a data source is in repair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.sources import repairs
from apps.sources.forms.repair import RepairForm


@on_source(Action.EPHEMERIS_CREATE)
@require_http_methods(["GET", "POST"])
def repair(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Until when; with `works` it is in repair no more."""
    if request.method == "POST" and "works" in request.POST:
        repairs.clear(by=request.user, source=source)
        messages.success(request, "It counts as working again.")
        return redirect("source-detail", source.identifier)
    note = repairs.note_of(source.identifier)
    form = RepairForm(
        request.POST if request.method == "POST" else None,
        initial={"until": note.until, "reason": note.reason} if note else None,
    )
    if form.is_valid():
        repairs.note(by=request.user, source=source, **form.cleaned_data)
        messages.success(request, "Noted. Until then nobody is told that it is quiet.")
        return redirect("source-detail", source.identifier)
    context = {"form": form, "note": note}
    status = 422 if form.errors else 200
    return render_source(request, source, "Overview", "sources/repair.html", context, status=status)
