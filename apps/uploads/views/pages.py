"""Looking at uploads."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.http import PortalRequest
from apps.accounts.roles import confirm_role
from apps.jobs.recovery import look_after
from apps.permissions import Action, requires
from apps.records.types import type_of
from apps.snippets.records import MOST_INLINE
from apps.ui.pages import render
from apps.ui.paging import page_of
from apps.uploads.access import decide, kept_sources, seeing_upload
from apps.uploads.code import code_of
from apps.uploads.forms import ReadingForm
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage
from apps.uploads.states import State
from apps.uploads.time_choices import choices_for

CAN_BE_READ_AGAIN = (State.NEEDS_COLUMNS, State.REJECTED, State.CHECKED)


@requires(Action.EPHEMERIS_CREATE)
@require_GET
def listing(request: PortalRequest) -> HttpResponse:
    """My uploads, and what others upload to data sources that I own or maintain, newest first; an Administrator sees all. With
    `?whose=mine` only mine.
    """
    if request.user.is_administrator:
        confirm_role(by=request.user, client=request.aurorax)
    only_mine = request.GET.get("whose") == "mine"
    uploads = Upload.objects.seen_by(request.user, {} if only_mine else kept_sources(request))
    if only_mine:
        uploads = uploads.filter(owner=request.user)
    page = page_of(uploads.select_related("owner"), request.GET.get("page"))
    context = {
        "page": page,
        "rows": [UploadPage(each, may_act=False) for each in page],
        "only_mine": only_mine,
        "everybody": any(each.owner_id != request.user.pk for each in page) or request.user.is_administrator,
    }
    return render(request, "uploads/list.html", context)


@seeing_upload
@require_GET
def detail(request: PortalRequest, upload: Upload) -> HttpResponse:
    """One upload, from its file to the records read back. For htmx only the part that changes."""
    look_after(upload)
    return show(request, upload)


def show(
    request: PortalRequest, upload: Upload, *, form: ReadingForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an upload; `form` is the form about how it is read, as it was sent."""
    mine = bool(decide(request, upload))
    if form is None and mine and upload.state in CAN_BE_READ_AGAIN and upload.file:
        form = ReadingForm(upload, type_of(upload.kind), time_choices=choices_for(upload, request.aurorax))
    code = code_of(upload) if mine else None
    context = {
        "progress": UploadPage(upload, may_act=mine),
        "upload": upload,
        "form": form,
        "code": code,
        "code_file": reverse("upload-records", args=[upload.pk])
        if code and upload.valid > MOST_INLINE
        else "",
    }
    fragment = "uploads/_upload_progress.html"
    return render(request, "uploads/detail.html", context, fragment=fragment, status=status)
