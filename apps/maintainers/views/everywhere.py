"""Maintainers across all data sources that are mine to assign: the table of sources by people, and changes to several."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.address_book import AddressBook, address_book
from apps.accounts.entries import label_of
from apps.accounts.http import PortalRequest
from apps.activity.causes import Because
from apps.aurorax import DataSource, ListedSource, errors
from apps.maintainers import services
from apps.maintainers.changes import MaintainerChange, Verb, removal_worries
from apps.maintainers.forms import SeveralForm
from apps.maintainers.people import assignable, everybody, found, rows
from apps.permissions import Action, check, requires
from apps.ui.pages import render
from apps.ui.paging import page_of


@requires(Action.MAINTAINERS_ASSIGN)
@require_GET
def maintainers(request: PortalRequest) -> HttpResponse:
    """The table, and the form that adds or removes somebody on the chosen data sources."""
    everything = request.aurorax.sources.directory()
    form = SeveralForm(sources=everything, book=_book(request, everything))
    return render(request, "maintainers/everywhere.html", _context(request, form, everything))


@requires(Action.MAINTAINERS_ASSIGN)
@require_POST
def change(request: PortalRequest) -> HttpResponse:
    """Add or remove one person on each chosen data source, and say how it went on each."""
    everything = request.aurorax.sources.directory()
    form = SeveralForm(request.POST, sources=everything, book=_book(request, everything))
    if not form.is_valid():
        return render(request, "maintainers/everywhere.html", _context(request, form, everything), status=422)
    chosen = _as_they_are(request, form)
    for source in chosen:
        check(request.user, Action.MAINTAINERS_ASSIGN, source)
    worries = _worries(request, form, chosen)
    if worries and "confirmed" not in request.POST:
        listed = [each for each in chosen if not _settled(form.change, each).is_made(each.maintainers)]
        context = {"form": form, "listed": listed, "worries": worries}
        return render(request, "maintainers/several_confirm.html", context)
    results = services.apply_to_several(
        by=request.user,
        client=request.aurorax,
        sources=chosen,
        change=form.change,
        cause=Because(form.note),
    )
    context = {"results": results, "change": form.change, "failed": sum(result.failed for result in results)}
    return render(request, "maintainers/results.html", context)


def _as_they_are(request: PortalRequest, form: SeveralForm) -> list[DataSource]:
    """The chosen data sources read again: the list of all may be some minutes old. Of those that are gone the writing tells."""
    now = {source.identifier: source for source in request.aurorax.sources.again(form.chosen)}
    return [now.get(listed.identifier) or listed.as_data_source() for listed in form.chosen]


def _worries(request: PortalRequest, form: SeveralForm, chosen: list[DataSource]) -> list[str]:
    if form.change.verb != Verb.REMOVE:
        return []
    return [
        worry
        for source in chosen
        for worry in removal_worries(_settled(form.change, source), source, request.user.email)
    ]


def _settled(change: MaintainerChange, source: DataSource) -> MaintainerChange:
    """As far as it is plain what is meant; where it is not, nothing will be removed."""
    try:
        return change.settled(source.maintainers)
    except errors.Refused:
        return replace(change, exact=True)


def _context(request: PortalRequest, form: SeveralForm, everything: list[ListedSource]) -> dict[str, Any]:
    """A page of the table, and in it the people of its data sources. What was chosen in a form that comes back is first."""
    words = request.GET.get("q", "")
    chosen = request.POST.getlist("source")
    mine = assignable(everything, by=request.user)
    sources = sorted(found(mine, words), key=lambda source: str(source.identifier) not in chosen)
    page = page_of(sources, request.GET.get("page"))
    people = everybody(list(page))
    return {
        "form": form,
        "words": words,
        "total": len(mine),
        "people": [label_of(person) for person in people],
        "page": page,
        "rows": rows(list(page), people, chosen),
    }


def _book(request: PortalRequest, everything: list[ListedSource]) -> AddressBook:
    return address_book(everything, by=request.user, client=request.aurorax)
