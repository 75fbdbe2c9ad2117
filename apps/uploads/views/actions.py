"""Deciding about an upload. Every decision leads back to its page, which says what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import PortalRequest
from apps.accounts.services import current_credential
from apps.aurorax import errors
from apps.readers.errors import UnreadableFile
from apps.records.types import type_of
from apps.ui.forms import LONGEST_WHY, WhyForm
from apps.ui.pages import render
from apps.uploads import acceptance, resending, services, shared_records, undo_preview
from apps.uploads.access import acting_on_upload, reusing_upload
from apps.uploads.forms import ReadingForm
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage
from apps.uploads.receiving import NoRoom, QuotaUsedUp
from apps.uploads.views.pages import show


@acting_on_upload
@require_POST
def read(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Read the file again: in another way, or with another meaning of its columns."""
    if not upload.file:
        return _done(request, upload, lambda: services.check_kept(upload))
    form = ReadingForm(upload, type_of(upload.kind), request.POST)
    if not form.is_valid():
        return show(request, upload, form=form, status=422)
    dialect, mapping = form.dialect(), form.mapping()
    return _done(
        request,
        upload,
        lambda: services.read_again(
            upload=upload, by=request.user, client=request.aurorax, dialect=dialect, mapping=mapping
        ),
    )


@acting_on_upload
@require_POST
def compare(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Look again at what AuroraX holds."""
    return _done(
        request,
        upload,
        lambda: services.compare_again(upload=upload, by=request.user, client=request.aurorax),
    )


@acting_on_upload
@require_POST
def send(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Begin to send; with `?only=new` what AuroraX holds already is left alone, with `?missing=empty` what the file does
    not give is emptied.
    """
    credential = current_credential(request)
    only_new, empty_missing = request.GET.get("only") == "new", request.GET.get("missing") == "empty"

    def begin() -> None:
        services.send(
            upload=upload,
            by=request.user,
            client=request.aurorax,
            credential=credential,
            only_new=only_new,
            empty_missing=empty_missing,
        )

    return _done(request, upload, begin)


@acting_on_upload
@require_http_methods(["GET", "POST"])
def undo(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Say what undoing will do; a POST does it."""
    if request.method == "POST":
        with_shared = request.POST.get("shared") == "on"
        with_theirs = request.POST.get("theirs") == "on"
        form = WhyForm(request.POST)
        note = form.note if form.is_valid() else request.POST.get("why", "").replace("\0", "")[:LONGEST_WHY]

        def begin() -> None:
            services.undo(
                upload=upload,
                by=request.user,
                client=request.aurorax,
                with_shared=with_shared,
                with_theirs=with_theirs,
                note=note,
                credential=current_credential(request),
            )

        return _done(request, upload, begin)
    context = {
        "upload": upload,
        "progress": UploadPage(upload, may_act=True),
        "shared": shared_records.counts(upload),
        "form": WhyForm(),
        "found": undo_preview.preview(upload, request.aurorax),
    }
    return render(request, "uploads/undo.html", context)


@reusing_upload
@require_POST
def send_again(request: PortalRequest, upload: Upload) -> HttpResponse:
    """A new upload of the same file, read in the same way: compared anew, and sent when its own button is pressed."""
    try:
        again = resending.send_again(
            upload=upload,
            by=request.user,
            client=request.aurorax,
            credential=current_credential(request),
        )
    except (services.UploadRefused, UnreadableFile, NoRoom, QuotaUsedUp) as refusal:
        messages.warning(request, refusal.message)
        return redirect("upload-detail", upload.pk)
    return redirect("upload-detail", again.pk)


@acting_on_upload
@require_POST
def check_again(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Read back once more what was sent."""
    return _done(
        request, upload, lambda: services.check_again(upload=upload, by=request.user, client=request.aurorax)
    )


@acting_on_upload
@require_POST
def unusual_is_right(request: PortalRequest, upload: Upload, place: int) -> HttpResponse:
    """What looks unusual is right for this data source; with `right=no` it is to be told again."""
    is_right = request.POST.get("right") != "no"
    return _done(
        request,
        upload,
        lambda: acceptance.set_right(
            upload=upload, by=request.user, client=request.aurorax, place=place, is_right=is_right
        ),
    )


@acting_on_upload
@require_POST
def pause(request: PortalRequest, upload: Upload) -> HttpResponse:
    return _done(
        request, upload, lambda: services.pause(upload=upload, by=request.user, client=request.aurorax)
    )


@acting_on_upload
@require_POST
def resume(request: PortalRequest, upload: Upload) -> HttpResponse:
    credential = current_credential(request)
    return _done(
        request,
        upload,
        lambda: services.resume(
            upload=upload, by=request.user, client=request.aurorax, credential=credential
        ),
    )


@acting_on_upload
@require_POST
def cancel(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Send nothing more."""
    return _done(
        request, upload, lambda: services.cancel(upload=upload, by=request.user, client=request.aurorax)
    )


def _done(request: PortalRequest, upload: Upload, act: Callable[[], None]) -> HttpResponse:
    """Act, say why not if not, and go back to the page. A sign-in that has ended is asked for by the middleware."""
    try:
        act()
    except services.UploadRefused as refusal:
        messages.warning(request, refusal.message)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        messages.warning(request, error.message)
    return redirect("upload-detail", upload.pk)
