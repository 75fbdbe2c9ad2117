"""Deciding about an upload. Every decision leads back to its page, which tells what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.http import PortalRequest
from apps.accounts.services import current_credential
from apps.aurorax import errors
from apps.uploads import services
from apps.uploads.access import acting_on_upload
from apps.uploads.forms import ColumnsForm
from apps.uploads.kinds import kind_of
from apps.uploads.models import Upload
from apps.uploads.views.pages import show


@acting_on_upload
@require_POST
def columns(request: PortalRequest, upload: Upload) -> HttpResponse:
    """What the unknown columns mean."""
    form = ColumnsForm(upload.headers, kind_of(upload.kind), request.POST)
    if not form.is_valid():
        return show(request, upload, form=form, status=422)
    mapping = form.mapping()
    return _done(
        request, upload, lambda: services.choose_columns(upload=upload, by=request.user, mapping=mapping)
    )


@acting_on_upload
@require_POST
def send(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Begin to send."""
    credential = current_credential(request)

    def begin() -> None:
        services.send(upload=upload, by=request.user, client=request.aurorax, credential=credential)

    return _done(request, upload, begin)


@acting_on_upload
@require_POST
def pause(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Stop for now."""
    return _done(request, upload, lambda: services.pause(upload=upload, by=request.user))


@acting_on_upload
@require_POST
def resume(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Go on."""
    return _done(
        request, upload, lambda: services.resume(upload=upload, by=request.user, client=request.aurorax)
    )


@acting_on_upload
@require_POST
def cancel(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Send nothing more."""
    return _done(request, upload, lambda: services.cancel(upload=upload, by=request.user))


def _done(request: PortalRequest, upload: Upload, act: Callable[[], None]) -> HttpResponse:
    """Act, say why not if not, and go back to the page. A sign-in that has ended is asked for by the middleware."""
    try:
        act()
    except services.UploadRefused as refusal:
        messages.warning(request, refusal.sentence)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        messages.warning(request, error.sentence)
    return redirect("upload-detail", upload.pk)
