"""What can be taken away from an upload: all its problems, and its receipt."""

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.ui.pages import render
from apps.uploads.access import seeing_upload
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage
from apps.uploads.receipts import receipt as receipt_of
from apps.uploads.receipts import sections


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
