"""What the tables of records do: select, copy as CSV, choose columns, act on what is selected.

The feature apps declare the access and hand the listing over.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.permissions import decide
from apps.records.listing import ROWS, Listing, RecordT
from apps.records.listing_csv import csv_text
from apps.records.types import RecordType
from apps.ui.column_choice import choose, shown_of
from apps.ui.pages import fragment_or_redirect
from apps.ui.paging import page_of
from apps.ui.selections import (
    LONGEST_KEY,
    MOST_SINGLE,
    Selection,
    SelectionChanged,
    everything,
    keep,
    selection_in,
)
from apps.ui.tables import DataTable, TableColumn

TableOf = Callable[[Listing[RecordT], Sequence[RecordT], Sequence[TableColumn], Selection], DataTable]
TOO_MANY = (
    "This many cannot be selected one by one. Select all that match, and take out what you do not want."
)
NOTHING = "Nothing is selected here. Tick some records first."


def listing_context(
    request: PortalRequest,
    listing: Listing[RecordT],
    page: "Page[RecordT]",
    *,
    columns: Sequence[TableColumn],
    table_of: TableOf[RecordT],
) -> dict[str, Any]:
    """What `records/_records.html` shows: the records of a page under those of `columns` that the person wants to see."""
    bar = bar_context(request, listing)
    shown = shown_of(request.session, listing.kind.slug, columns)
    return {
        "listing": listing,
        "page": page,
        "columns": columns,
        "table": table_of(listing, list(page), shown, bar["selection"]),
        "select_url": listing.address("selection"),
        "columns_url": listing.address("columns", page=page.number),
        "page_csv_url": listing.address("records-csv", page=page.number),
        "exports": [("CSV", listing.address("records-csv"))],
        "views": [],
        **bar,
    }


def bar_context(request: PortalRequest, listing: Listing[RecordT]) -> dict[str, Any]:
    """How much is selected, and what this person may do with it."""
    may_delete = decide(request.user, listing.kind.actions.delete, listing.source)
    return {
        "selection": selection_in(request.session, listing.name),
        "selection_csv_url": listing.address("selection-csv"),
        "selection_delete_url": listing.address("selection-delete") if may_delete else "",
    }


def select(request: PortalRequest, listing: Listing[RecordT]) -> HttpResponse:
    """Change what is selected, by the `verb` of the button; without one, to the rows of a page that were left ticked."""
    back = listing.address("browse", page=_page_number(request))
    if not _keep(request, listing):
        return redirect(back)
    context = bar_context(request, listing)
    return fragment_or_redirect(request, "ui/_selection_bar.html", context, to=f"{back}#records")


def with_selected(
    request: PortalRequest, listing: Listing[RecordT], act: Callable[[list[RecordT]], HttpResponse]
) -> HttpResponse:
    """Act on the selected records as AuroraX has them now; where they are not those that were selected, say so instead.

    What is ticked on the page that is left counts as selected, also where no script has sent it before.
    """
    back = redirect(f"{listing.address('browse')}#records")
    if request.method == "POST" and not _keep(request, listing):
        return back
    selection = selection_in(request.session, listing.name)
    if not len(selection):
        messages.info(request, NOTHING)
        return back
    try:
        chosen = selection.chosen(listing.records, listing.key)
    except SelectionChanged as changed:
        return _selection_changed(request, listing, changed)
    return act(chosen)


def _selection_changed(
    request: PortalRequest, listing: Listing[RecordT], changed: SelectionChanged
) -> HttpResponse:
    """What is not any more as it was when it was selected, and the way back."""
    context = {
        "changed": changed,
        "listing": listing,
        "select_url": listing.address("selection"),
        "browse_url": listing.address("browse"),
    }
    page = "deletions/selection_changed.html"
    return render_source(request, listing.source, listing.kind.label, page, context, status=409)


def selection_csv(request: PortalRequest, listing: Listing[RecordT]) -> HttpResponse:
    """The selected records as CSV."""
    return with_selected(request, listing, lambda chosen: _csv(listing, chosen, "selection"))


def records_csv(request: PortalRequest, listing: Listing[RecordT]) -> HttpResponse:
    """All records that match, or one page of them, as CSV."""
    number = request.GET.get("page")
    if number is None:
        return _csv(listing, listing.records)
    page = page_of(listing.records, number, size=ROWS)
    return _csv(listing, list(page), f"page-{page.number}")


def choose_columns(request: PortalRequest, source: DataSource, kind: RecordType) -> HttpResponse:
    """Remember which columns were ticked, and go back to the table."""
    choose(
        request.session,
        kind.slug,
        offered=request.POST.getlist("offered"),
        ticked=request.POST.getlist("column"),
    )
    path = kind.url("browse", source.identifier)
    return redirect(f"{path}?{request.GET.urlencode()}#records")


def _keep(request: PortalRequest, listing: Listing[RecordT]) -> bool:
    """Remember what was posted; False for more than can be remembered, and then everything stays as it was."""
    selection = _selected(request, listing)
    if selection.single_count > MOST_SINGLE:
        messages.warning(request, TOO_MANY)
        return False
    keep(request.session, listing.name, selection)
    return True


def _selected(request: PortalRequest, listing: Listing[RecordT]) -> Selection:
    before = selection_in(request.session, listing.name)
    verb = request.POST.get("verb")
    if verb == "everything":
        return everything(listing.keys)
    if verb == "nothing":
        return Selection()
    if verb == "again":
        return before.again(listing.keys)
    shown = [key for key in request.POST.get("shown", "").split() if len(key) <= LONGEST_KEY][:ROWS]
    ticked = shown if verb == "page" else request.POST.getlist("ticked")
    return before.with_page(_page_number(request), shown, ticked)


def _page_number(request: PortalRequest) -> str:
    """The number of the page that was left; only shown to the person, and so the first when it is none."""
    number = request.POST.get("page", "1")
    return number if number.isascii() and number.isdecimal() and len(number) < 7 else "1"


def _csv(listing: Listing[RecordT], records: Sequence[RecordT], part: str = "") -> HttpResponse:
    parts = [f"{listing.kind.slug}-of-{listing.source.identifier}", *listing.filter.values(), part]
    name = "-".join(filter(None, parts))
    return HttpResponse(
        csv_text(listing.kind, listing.source, records),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
