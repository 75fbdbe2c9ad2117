"""The page on which a file is uploaded; the feature apps declare its access and hand over the source."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect

from apps.accounts.http import PortalRequest
from apps.accounts.services import current_credential
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.readers.errors import UnreadableFile
from apps.records.listing_csv import described_columns, example_cell
from apps.records.types import RecordType
from apps.ui.links import Link
from apps.ui.spreadsheets import csv_lines
from apps.uploads.file_forms import FileForm
from apps.uploads.models import Upload
from apps.uploads.quotas import why_not
from apps.uploads.receiving import NoRoom, Origin, QuotaUsedUp, has_no_room, is_too_large, receive


def upload_page(
    request: PortalRequest, source: DataSource, kind: RecordType, *, other_ways: Sequence[Link] = ()
) -> HttpResponse:
    """The form, and taking in what it brings: then on to the page of the upload. `other_ways` are pages that bring records, too."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*posted, too_large=is_too_large(request), no_room=has_no_room(request))
    if form.is_valid():
        try:
            return redirect("upload-detail", _received(request, source, kind, form).pk)
        except (UnreadableFile, NoRoom, QuotaUsedUp) as refusal:
            form.add_error(form.filled, refusal.message)
    context = {
        "form": form,
        "kind": kind,
        "no_more": "" if request.method == "POST" else why_not(request.user),
        "fields": kind.schema(source),
        "browse_url": kind.url("browse", source.identifier),
        "example": _example(kind, source),
        "other_ways": other_ways,
        "template_url": kind.url("template", source.identifier),
    }
    status = 422 if form.errors else 200
    return render_source(request, source, kind.label, "uploads/receive.html", context, status=status)


def _received(request: PortalRequest, source: DataSource, kind: RecordType, form: FileForm) -> Upload:
    """The upload of the file that the form has brought. Raises `UnreadableFile`."""
    return receive(
        by=request.user,
        credential=current_credential(request),
        kind=kind,
        source=source,
        file=form.received(),
        only_if_all_valid=form.cleaned_data["only_if_all_valid"],
        origin=Origin(note=form.note),
    )


def template_download(source: DataSource, kind: RecordType) -> HttpResponse:
    """A CSV file with the right columns for this source, and one row of example values."""
    response = HttpResponse(_example(kind, source), content_type="text/csv; charset=utf-8")
    name = f"{kind.slug}-template-{source.identifier}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _example(kind: RecordType, source: DataSource) -> str:
    """A header and a row: every column of the kind, and the metadata fields of the source's schema that can have one."""
    fields = described_columns(kind, source)
    header = [column.name for column in kind.columns] + [f"metadata.{field.field_name}" for field in fields]
    row = [column.example for column in kind.columns]
    row += [example_cell(field) for field in fields]
    return "".join(csv_lines(header, [row]))
