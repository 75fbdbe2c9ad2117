"""The tab Maintainers of a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors
from apps.maintainers import services
from apps.maintainers.changes import Change, Verb, removal_worries
from apps.maintainers.forms import AddMaintainerForm, AddressForm
from apps.maintainers.people import known_addresses
from apps.permissions import Action, decide
from apps.ui.forms import explain


@on_source(Action.SOURCE_SEE)
@require_GET
def maintainers(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Who looks after it, and for those who may assign maintainers, the form."""
    known = _known(request) if decide(request.user, Action.MAINTAINERS_ASSIGN, source) else []
    return _page(request, source, AddMaintainerForm(source=source, known=known))


@on_source(Action.MAINTAINERS_ASSIGN)
@require_POST
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Add one person."""
    form = AddMaintainerForm(request.POST, source=source, known=_known(request))
    if form.is_valid():
        wanted = Change(Verb.ADD, form.cleaned_data["email"])
        try:
            services.apply(by=request.user, client=request.aurorax, source=source, change=wanted)
        except errors.AuroraXError as error:
            explain(form, error)
        else:
            messages.success(request, f"{wanted.address} is now a maintainer of {source.display_name}.")
            return redirect("maintainers-source", source.identifier)
    return _page(request, source, form)


@on_source(Action.MAINTAINERS_ASSIGN)
@require_POST
def remove(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Remove one person; asks first when it is the last one or the person themselves."""
    form = AddressForm(request.POST, known=source.maintainers)
    if not form.is_valid():
        messages.warning(request, "Nobody was removed: the request named no e-mail address.")
        return redirect("maintainers-source", source.identifier)
    wanted = Change(Verb.REMOVE, form.cleaned_data["email"])
    worries = removal_worries(wanted.address, source, request.user.email)
    if worries and "confirmed" not in request.POST:
        context = {"address": wanted.address, "worries": worries}
        return render_source(request, source, "Maintainers", "maintainers/remove_confirm.html", context)
    result = services.apply(by=request.user, client=request.aurorax, source=source, change=wanted)
    done = "is no longer" if result.changed else "was not"
    messages.success(request, f"{wanted.address} {done} a maintainer of {source.display_name}.")
    return redirect("maintainers-source", source.identifier)


def _page(request: PortalRequest, source: DataSource, form: AddMaintainerForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render_source(
        request, source, "Maintainers", "maintainers/source.html", {"form": form}, status=status
    )


def _known(request: PortalRequest) -> list[str]:
    return known_addresses(
        request.aurorax.sources.list(remembered=True), by=request.user, client=request.aurorax
    )
