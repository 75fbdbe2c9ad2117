"""What an upload will change, day by day."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.availability.calendar import with_change
from apps.ui.pages import render
from apps.uploads.access import seeing_upload
from apps.uploads.calendar import change_of, source_of
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage


@seeing_upload
@require_GET
def upload_calendar(request: PortalRequest, upload: Upload) -> HttpResponse:
    """What a file will do, within the calendar of what is there; for htmx only the calendar."""
    progress = UploadPage(upload, may_act=False)
    if not progress.calendar_url:
        raise Http404("There is nothing to decide about this upload.")
    source, change = source_of(upload), change_of(upload)
    context = {
        "title": "What will change, day by day",
        "label": "What will change",
        "calendar": with_change(client=request.aurorax, source=source, slug=upload.kind, change=change),
        "upload": upload,
        "progress": progress,
    }
    page = "uploads/upload_calendar.html"
    return render(request, page, context, fragment="availability/_change_calendar.html")
