"""The tab Maintainers of a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.address_book import NOBODY_KNOWN, AddressBook, address_book
from apps.accounts.decorators import on_source
from apps.accounts.entries import Entry, entries_of, label_of
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.activity.causes import Because
from apps.aurorax import DataSource, errors
from apps.maintainers import services
from apps.maintainers.changes import MaintainerChange, Verb, removal_worries
from apps.maintainers.forms import AddMaintainerForm, AddressForm
from apps.permissions import Action, decide
from apps.ui.forms import LONGEST_WHY, explain

NOBODY = "Nobody was removed: the request named no e-mail address, and no entry that is still on the list."
NOTHING_SPLIT = "Nothing was split: that entry is no longer on the list, or has no address in it."


@on_source(Action.SOURCE_SEE)
@require_GET
def maintainers(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Who looks after it, and for those who may assign maintainers, the form."""
    book = _book(request) if decide(request.user, Action.MAINTAINERS_ASSIGN, source) else NOBODY_KNOWN
    return _page(request, source, AddMaintainerForm(source=source, book=book))


@on_source(Action.MAINTAINERS_ASSIGN)
@require_POST
def add(request: PortalRequest, source: DataSource) -> HttpResponse:
    form = AddMaintainerForm(request.POST, source=source, book=_book(request))
    if form.is_valid():
        wanted = MaintainerChange(Verb.ADD, form.cleaned_data["email"])
        try:
            result = services.apply(
                by=request.user,
                client=request.aurorax,
                source=source,
                change=wanted,
                cause=Because(form.note),
            )
        except errors.AuroraXError as error:
            explain(form, error)
        else:
            _tell_added(request, source, result)
            return redirect("maintainers-source", source.identifier)
    return _page(request, source, form)


@on_source(Action.MAINTAINERS_ASSIGN)
@require_POST
def remove(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Remove one entry; asks first when it is the last one or the person themselves."""
    try:
        wanted = _entry_or_address(request, source, Verb.REMOVE)
    except errors.Refused as refusal:
        return _back(request, source, refusal.message)
    if wanted is None:
        return _back(request, source, NOBODY)
    worries = removal_worries(wanted, source, request.user.email)
    if worries and "confirmed" not in request.POST:
        context = {"change": wanted, "worries": worries, "posted": request.POST}
        return render_source(request, source, "Maintainers", "maintainers/remove_confirm.html", context)
    result = services.apply(
        by=request.user, client=request.aurorax, source=source, change=wanted, cause=_cause(request)
    )
    done = "is no longer" if result.changed else "was not"
    messages.success(request, f"{wanted.label} {done} a maintainer of {source.display_name}.{_rest(result)}")
    return redirect("maintainers-source", source.identifier)


@on_source(Action.MAINTAINERS_ASSIGN)
@require_POST
def split(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Put the addresses of one entry on the list instead of it."""
    wanted = _entry_or_address(request, source, Verb.SPLIT)
    if wanted is None:
        return _back(request, source, NOTHING_SPLIT)
    result = services.apply(by=request.user, client=request.aurorax, source=source, change=wanted)
    now = ", ".join(map(label_of, result.source.maintainers))
    messages.success(request, f"The maintainers of {source.display_name} are now: {now}.")
    return redirect("maintainers-source", source.identifier)


def _entry_or_address(request: PortalRequest, source: DataSource, verb: Verb) -> MaintainerChange | None:
    """The entry whose key was posted, exactly it; or what stands on the list for a posted address. None for neither.

    Raises `errors.Refused` where several entries could be meant by the address.
    """
    if key := request.POST.get("entry"):
        found = next((entry for entry in entries_of(source.maintainers) if entry.key == key), None)
        if found is None or (verb is Verb.SPLIT and not found.parts):
            return None
        return MaintainerChange(verb, found.text, exact=True, left=_shown(request, found) - 1)
    form = AddressForm(request.POST)
    if verb is Verb.SPLIT or not form.is_valid():
        return None
    return MaintainerChange(verb, form.cleaned_data["email"]).settled(source.maintainers)


def _cause(request: PortalRequest) -> Because:
    """What was said on the page that asks. Removing must not fail because too much was: then it is cut."""
    return Because(request.POST.get("why", "").replace("\0", "").strip()[:LONGEST_WHY])


def _shown(request: PortalRequest, entry: Entry) -> int:
    """How many such entries there were on the page that was left: two presses of one button remove one."""
    text = request.POST.get("shown", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else entry.number
    return max(1, number)


def _tell_added(request: PortalRequest, source: DataSource, result: services.Result) -> None:
    """Somebody else may have added the same person since the page was shown, in other letters too."""
    address = result.change.address if result.change else ""
    if result.changed:
        messages.success(request, f"{address} is now a maintainer of {source.display_name}.")
        return
    written = f", written as {', '.join(result.others)}" if result.others else ""
    messages.info(request, f"{address} is a maintainer of {source.display_name} already{written}.")


def _rest(result: services.Result) -> str:
    """What else stands for the same person."""
    if not result.others:
        return ""
    return f" Still listed for the same address: {', '.join(result.others)}."


def _back(request: PortalRequest, source: DataSource, message: str) -> HttpResponse:
    messages.warning(request, message)
    return redirect("maintainers-source", source.identifier)


def _page(request: PortalRequest, source: DataSource, form: AddMaintainerForm) -> HttpResponse:
    status = 422 if form.errors else 200
    entries = entries_of(source.maintainers, you=request.user.email)
    context = {"form": form, "entries": entries}
    return render_source(request, source, "Maintainers", "maintainers/source.html", context, status=status)


def _book(request: PortalRequest) -> AddressBook:
    return address_book(request.aurorax.sources.directory(), by=request.user, client=request.aurorax)
