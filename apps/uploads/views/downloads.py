"""What can be taken away from an upload: all its problems, and its receipt."""

from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.ui.pages import render
from apps.uploads.access import acting_on_upload, seeing_upload
from apps.uploads.code import records_json
from apps.uploads.mending import downloads as mended
from apps.uploads.models import Upload, UploadMending
from apps.uploads.page import UploadPage
from apps.uploads.receipts import receipt as receipt_of
from apps.uploads.receipts import sections
from apps.uploads.states import READS


@seeing_upload
@require_GET
def problems(request: PortalRequest, upload: Upload) -> HttpResponseBase:
    """Every problem and warning as CSV, one a line; safe to open in a spreadsheet program."""
    if not upload.problem_list:
        raise Http404("This upload has no list of problems.")
    name = f"problems-{upload.pk}.csv"
    return FileResponse(
        upload.problem_list.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )


@acting_on_upload
@require_GET
def corrected(request: PortalRequest, upload: Upload) -> HttpResponseBase:
    """All records that can be sent, as CSV that comes back as it is."""
    if not upload.valid or upload.let_go_at or upload.state in READS:
        raise Http404("There are no records of this file now.")
    source = request.aurorax.sources.get(upload.source_identifier)
    return _csv(mended.corrected(upload, source), f"corrected-{upload.pk}.csv")


@acting_on_upload
@require_GET
def records(request: PortalRequest, upload: Upload) -> HttpResponseBase:
    """The same as one JSON array, as AuroraX takes it."""
    if not upload.valid or upload.let_go_at or upload.state in READS:
        raise Http404("There are no records of this file now.")
    response = StreamingHttpResponse(records_json(upload), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="records.json"'
    return response


@acting_on_upload
@require_GET
def rejected(request: PortalRequest, upload: Upload) -> HttpResponseBase:
    """The rows that are not sent, with their reasons; as CSV that can be corrected and uploaded."""
    mending = UploadMending.objects.filter(upload=upload).first()
    if mending is None or not mending.wrong_rows:
        raise Http404("No rows of this file are kept.")
    return _csv(mended.rejected(mending), f"rejected-{upload.pk}.csv")


def _csv(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@seeing_upload
@require_GET
def original_file(request: PortalRequest, upload: Upload) -> HttpResponseBase:
    """The file as it came, to keep and never to look at in the browser."""
    if not upload.file or not upload.file.storage.exists(str(upload.file.name)):
        raise Http404("This file is not kept any more.")
    return FileResponse(
        upload.file.open("rb"),
        as_attachment=True,
        filename=upload.name or "upload",
        content_type="application/octet-stream",
    )


@seeing_upload
@require_GET
def receipt_page(request: PortalRequest, upload: Upload) -> HttpResponse:
    """The receipt to look at and to print."""
    context = {"upload": upload, "progress": UploadPage(upload, may_act=False), "sections": sections(upload)}
    return render(request, "uploads/receipt.html", context)


@seeing_upload
@require_GET
def receipt(request: PortalRequest, upload: Upload) -> HttpResponse:
    """The receipt as JSON."""
    response = JsonResponse(receipt_of(upload), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{upload.pk}.json"'
    return response
