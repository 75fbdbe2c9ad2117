"""The pages of kites: who may, which records, and the portal's shared pages for the rest."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, times
from apps.availability.views import availability_page
from apps.deletions import services
from apps.deletions import views as deletions
from apps.permissions import Action
from apps.records.listing import ROWS, Listing
from apps.records.time_fields import DayField
from apps.records.views import exporting, tables
from apps.ui.forms import PortalForm
from apps.ui.paging import page_of
from apps.ui.selections import Selection
from apps.ui.tables import DataTable, TableColumn, TableRow
from apps.uploads.views.receiving import template_download, upload_page
from tests.records.toys.record_type import KITES, KiteRow, held_by

COLUMNS = (TableColumn("seen", "Seen (UTC)"), TableColumn("colour", "Colour"))


class DayForm(PortalForm):
    """Which day to show."""

    on = DayField(label="Day (UTC)")


def listing_of(request: PortalRequest, source: DataSource) -> Listing[KiteRow]:
    """The kites of the day in the query."""
    form = DayForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["on"]:
        raise Http404("Say which day: add ?on=2020-01-01 to the address.")
    day = form.cleaned_data["on"].isoformat()
    start, end = times.parse(f"{day}T00:00:00"), times.parse(f"{day}T23:59:59")
    rows = [row for row in held_by(source) if row.seen.startswith(day)]
    return Listing(KITES, source, {"on": day}, f"on {day} (UTC)", start, end, KITES.key, lambda: rows)


def table_of(
    listing: Listing[KiteRow], rows: Sequence[KiteRow], columns: Sequence[TableColumn], selection: Selection
) -> DataTable:
    """One row for each."""
    shown = [
        TableRow(
            row.name, row.name, "", [getattr(row, column.name) for column in columns], row.name in selection
        )
        for row in rows
    ]
    return DataTable("Kites", "Name", columns, shown)


@on_source(Action.SOURCE_SEE)
@require_GET
def browse(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A day's kites."""
    listing = listing_of(request, source)
    page = page_of(listing.records, request.GET.get("page"), size=ROWS)
    context = tables.listing_context(request, listing, page, columns=COLUMNS, table_of=table_of)
    return render_source(request, source, KITES.label, "toys/browse.html", context)


@on_source(Action.SOURCE_SEE)
@require_GET
def availability(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A calendar."""
    return availability_page(request, source, KITES.label, [KITES.slug])


@on_source(Action.SOURCE_SEE)
@require_POST
def columns(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Which columns to show."""
    return tables.choose_columns(request, source, KITES)


@on_source(Action.SOURCE_SEE)
@require_GET
def records_csv(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A day as CSV."""
    return tables.records_csv(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_POST
def select(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Tick and untick."""
    return tables.select(request, listing_of(request, source))


@on_source(Action.SOURCE_SEE)
@require_GET
def selection_csv(request: PortalRequest, source: DataSource) -> HttpResponse:
    """What is selected."""
    return tables.selection_csv(request, listing_of(request, source))


@on_source(Action.PRODUCTS_CREATE)
@require_http_methods(["GET", "POST"])
def upload(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Upload a file."""
    return upload_page(request, source, KITES)


@on_source(Action.PRODUCTS_CREATE)
@require_GET
def template(request: PortalRequest, source: DataSource) -> HttpResponse:
    """A file to fill in."""
    return template_download(source, KITES)


@on_source(Action.SOURCE_SEE)
@require_GET
def export(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose what to download."""
    return exporting.export_page(request, source, KITES)


@on_source(Action.SOURCE_SEE)
@require_GET
def download(request: PortalRequest, source: DataSource) -> HttpResponseBase:
    """The file."""
    return exporting.download(request, source, KITES)


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Choose a range."""
    return deletions.range_page(request, source, KITES, hint="The next page shows them, and asks.")


@on_source(Action.PRODUCTS_DELETE)
@require_POST
def delete_selected(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Begin to delete what is selected."""
    listing = listing_of(request, source)

    def begin(chosen: list[KiteRow]) -> HttpResponse:
        deletion = services.look_for(
            by=request.user,
            source=source,
            kind=KITES.slug,
            start=listing.start,
            end=listing.end,
            urls=[row.name for row in chosen],
        )
        return redirect("kites-deletion", source.identifier, deletion.pk)

    return tables.with_selected(request, listing, begin)


@on_source(Action.PRODUCTS_DELETE)
@require_http_methods(["GET", "POST"])
def deletion(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What was found, the decision, and what became of it."""
    return deletions.deletion_page(request, source, KITES, pk)


@on_source(Action.PRODUCTS_DELETE)
@require_GET
def deletion_days(request: PortalRequest, source: DataSource, pk: UUID) -> HttpResponse:
    """What will be lost."""
    return deletions.deletion_calendar(request, source, KITES, pk)
