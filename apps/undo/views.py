"""The page that says what undoing an event will do, and the button that does it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from apps.accounts.http import PortalRequest
from apps.activity.models import Event
from apps.activity.rows import parts_of
from apps.aurorax import errors
from apps.permissions import Action, requires
from apps.ui.forms import WhyForm, explain
from apps.ui.pages import render
from apps.undo import services
from apps.undo.plans import CannotUndo, UndoOutcome, UndoPlan


@requires(
    Action.EPHEMERIS_CREATE
)  # the roles that may write anything at all; services ask for the right it takes
@require_http_methods(["GET", "POST"])
def undo(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What undoing this event does now; a POST does exactly that. Uploads and deletions of records have pages of their own."""
    event = get_object_or_404(Event, pk=pk)
    if event.pk in (parts := parts_of([event])):
        return _bulk(request, event, parts[event.pk])
    if not services.can_be_planned(event):
        messages.warning(request, services.NOT_THIS)
        return redirect("activity-detail", event.pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            try:
                return _undo(request, event, form)
            except errors.AuroraXError as error:
                explain(form, error)
        found = services.plan(client=request.aurorax, event=event)
        found.check(request.user)
        return _show(request, event, found, form)
    except services.LookAgain as changed:
        return _show(request, event, changed.plan, form, warning=services.CHANGED, status=409)
    except CannotUndo as refusal:
        messages.warning(request, refusal.message)
        return redirect("activity-detail", event.pk)


def _undo(request: PortalRequest, event: Event, form: WhyForm) -> HttpResponse:
    outcome = services.undo(
        by=request.user,
        client=request.aurorax,
        event=event,
        seen=request.POST.get("seen", ""),
        chosen=request.POST.getlist("part"),
        note=form.note,
    )
    return _done(request, event, outcome)


def _done(request: PortalRequest, event: Event, outcome: UndoOutcome) -> HttpResponse:
    """On to the event of the undo, which says what AuroraX holds now."""
    (messages.success if outcome.complete else messages.warning)(request, outcome.message)
    for link in outcome.links:
        messages.info(request, format_html("<a class='alert-link' href='{}'>{}</a>", link.url, link.label))
    return redirect("activity-detail", (outcome.event or event).pk)


def _show(
    request: PortalRequest,
    event: Event,
    found: UndoPlan,
    form: WhyForm,
    *,
    warning: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"event": event, "plan": found, "form": form, "warning": warning}
    return render(request, "undo/undo.html", context, status=422 if form.errors else status)


def _bulk(request: PortalRequest, event: Event, count: int) -> HttpResponse:
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        results = services.undo_bulk(
            by=request.user,
            client=request.aurorax,
            event=event,
            chosen=request.POST.getlist("part"),
            note=form.note,
        )
        failed = sum(not outcome.complete for _, outcome in results)
        context = {"event": event, "results": results, "failed": failed}
        return render(request, "undo/results.html", context)
    plans = services.plan_bulk(client=request.aurorax, event=event)
    for each in plans:
        each.check(request.user)
    context = {"event": event, "plans": plans, "count": count, "form": form}
    return render(request, "undo/several.html", context, status=422 if form.errors else 200)
