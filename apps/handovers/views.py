"""The pages of hand-overs: choosing and previewing, how one goes, and asking for one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.address_book import address_book
from apps.accounts.http import PortalRequest
from apps.accounts.roles import confirm_role
from apps.handovers import services
from apps.handovers.asking import CONTACT_PAGE, request_for
from apps.handovers.forms import HandoverForm, owned_by, owners
from apps.handovers.models import Handover
from apps.handovers.plan import PlannedItem, planned, worries
from apps.jobs.models import WrongTransition
from apps.jobs.recovery import look_after
from apps.permissions import Action, requires
from apps.permissions.addresses import is_same
from apps.sources.changes import fingerprint
from apps.ui.pages import render
from apps.ui.paging import page_of

CHANGED = "Some of these data sources have changed since you looked. Look again before you hand them over."
TOO_LATE = "This hand-over is {state} by now: look at it again."


@requires(Action.SOURCE_CHANGE_OWNER)
@require_GET
def handovers(request: PortalRequest) -> HttpResponse:
    """Hand-overs so far, and everybody who could hand something over."""
    page = page_of(Handover.objects.select_related("user"), request.GET.get("page"))
    context = {"page": page, "owners": owners(request.aurorax.sources.directory())}
    return render(request, "handovers/list.html", context)


@requires(Action.SOURCE_CHANGE_OWNER)
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Choose what of `?owner=` is handed over to whom; then what that does, then the run."""
    given = request.POST if request.method == "POST" else request.GET
    everything = request.aurorax.sources.directory()
    form = HandoverForm(
        request.POST or None,
        sources=everything,
        owner=given.get("owner", ""),
        book=address_book(everything, by=request.user, client=request.aurorax),
        initial={"new_owner": given.get("new_owner", "")},
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        chosen = given.getlist("source")
        context = {"form": form, "chosen": chosen, "every": bool(form.data.get("everything"))}
        return render(request, "handovers/new.html", context, status=status)
    return _preview_or_begin(request, form)


def _preview_or_begin(request: PortalRequest, form: HandoverForm) -> HttpResponse:
    new_owner, previous = form.cleaned_data["new_owner"], form.cleaned_data["previous"]
    sources = request.aurorax.sources.again(form.chosen)
    kept = [each for each in sources if is_same(each.owner, form.previous_owner) or not form.previous_owner]
    items = [planned(source, new_owner, previous) for source in kept]
    looked_at = fingerprint([[each.identifier, each.owner, [*each.maintainers]] for each in kept], new_owner)
    seen = request.POST.get("looked_at", "")
    if items and seen == looked_at:
        confirm_role(by=request.user, client=request.aurorax)
        note = form.cleaned_data["note"]
        handover = services.begin(by=request.user, items=items, new_owner=new_owner, note=note)
        return redirect("handover-detail", handover.pk)
    return _preview(request, form, items, looked_at, CHANGED if seen else "")


def _preview(
    request: PortalRequest, form: HandoverForm, items: list[PlannedItem], looked_at: str, warning: str
) -> HttpResponse:
    new_owner = form.cleaned_data["new_owner"]
    context = {
        "form": form,
        "items": items,
        "new_owner": new_owner,
        "looked_at": looked_at,
        "warning": warning,
        "worries": worries(new_owner, form.book, items, request.user.email),
    }
    return render(request, "handovers/preview.html", context)


@requires(Action.SOURCE_CHANGE_OWNER)
@require_GET
def detail(request: PortalRequest, pk: UUID) -> HttpResponse:
    """How it goes, and what came of it for each data source."""
    handover = get_object_or_404(Handover, pk=pk)
    look_after(handover)
    handover.refresh_from_db()
    items = list(handover.items.all())
    context = {
        "handover": handover,
        "items": items,
        "done": sum(item.is_success for item in items),
        "trouble": [item for item in items if item.message],
    }
    return render(request, "handovers/detail.html", context, fragment="handovers/_handover_progress.html")


@requires(Action.SOURCE_CHANGE_OWNER)
@require_POST
def resume(request: PortalRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, go_on=True)


@requires(Action.SOURCE_CHANGE_OWNER)
@require_POST
def cancel(request: PortalRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, go_on=False)


def _decide(request: PortalRequest, pk: UUID, *, go_on: bool) -> HttpResponse:
    handover = get_object_or_404(Handover, pk=pk)
    if handover.user_id != request.user.pk:
        confirm_role(by=request.user, client=request.aurorax)
    try:
        (services.resume if go_on else services.cancel)(by=request.user, handover=handover)
    except WrongTransition:
        messages.warning(request, TOO_LATE.format(state=handover.get_state_display().lower()))
    return redirect("handover-detail", pk)


@requires(Action.SOURCE_UPDATE)
@require_GET
def ask(request: PortalRequest) -> HttpResponse:
    """Whom an Owner asks, and the message, written, about `?source=` or all that is theirs."""
    mine = owned_by(request.user.email, request.aurorax.sources.directory())
    chosen = request.GET.getlist("source")
    sources = [each for each in mine if str(each.identifier) in chosen] or mine
    new_owner = request.GET.get("new_owner", "")[:254]
    context = {
        "mine": mine,
        "sources": sources,
        "new_owner": new_owner,
        "asked": request_for(request.user, sources, new_owner),
        "contact_page": CONTACT_PAGE,
    }
    return render(request, "handovers/ask.html", context)
