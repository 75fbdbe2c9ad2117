"""Mending wrong rows in the page. Whatever is said leads to the upload's page, which reads the file again."""

from collections.abc import Callable, Collection

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.http import PortalRequest
from apps.aurorax import errors
from apps.records.types import type_of
from apps.ui.pages import render
from apps.uploads import services
from apps.uploads.access import acting_on_upload
from apps.uploads.mending import services as mending
from apps.uploads.mending.offers import Allowed
from apps.uploads.mending.page import MendingPage
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation.columns import METADATA

GONE = "What is offered has changed meanwhile: look at it again."
NO_TEXT = "Type what is to be written, then press the button again."


@acting_on_upload
@require_GET
def mend(request: PortalRequest, upload: Upload) -> HttpResponse:
    """The wrong rows of one cause, and what can be done with all of them."""
    if upload.state != State.CHECKED or not upload.file:
        return redirect("upload-detail", upload.pk)
    page = _page(request, upload, request.GET.get("cause", ""), request.GET.get("page", ""))
    return render(request, "uploads/mend.html", {"upload": upload, "mending": page})


@acting_on_upload
@require_POST
def cells(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Write what stands in the cells of a page, where it is not what was there."""
    page = _page(request, upload, request.POST.get("cause", ""), request.POST.get("page", ""))
    changed = page.changed_cells(request.POST)
    return _done(
        request,
        upload,
        lambda: mending.edit_cells(upload=upload, by=request.user, client=request.aurorax, cells=changed),
    )


@acting_on_upload
@require_POST
def fix(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Do what is offered to all rows of a cause."""
    page = _page(request, upload, request.POST.get("cause", ""), "")
    offer = next((each for n, each in enumerate(page.offers) if str(n) == request.POST.get("offer")), None)
    if offer is None:
        messages.warning(request, GONE)
        return redirect("upload-mend", upload.pk)
    chosen, text = offer.fix, request.POST.get("text", "").strip()
    if offer.asks and not text:
        messages.warning(request, NO_TEXT)
        return redirect("upload-mend", upload.pk)
    if offer.asks:
        chosen = msgspec.structs.replace(chosen, new=text)
    return _done(
        request,
        upload,
        lambda: mending.apply_fix(upload=upload, by=request.user, client=request.aurorax, fix=chosen),
    )


@acting_on_upload
@require_POST
def take_back(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Do a fix no more, or leave all cells as the file has them."""
    place = request.POST.get("place", "")
    if place == "cells":
        return _done(
            request,
            upload,
            lambda: mending.take_back_cells(upload=upload, by=request.user, client=request.aurorax),
        )
    if not place.isascii() or not place.isdigit():
        raise Http404("There is no such fix.")
    return _done(
        request,
        upload,
        lambda: mending.take_back(upload=upload, by=request.user, client=request.aurorax, place=int(place)),
    )


@acting_on_upload
@require_POST
def recipe(request: PortalRequest, upload: Upload) -> HttpResponse:
    """Mend it as the last file with these columns, or forget how that was."""
    act = mending.forget_recipe if request.POST.get("forget") else mending.use_recipe
    return _done(request, upload, lambda: act(upload=upload, by=request.user, client=request.aurorax))


def _page(request: PortalRequest, upload: Upload, cause: str, number: str) -> MendingPage:
    schema = SimpleLazyObject(
        lambda: {
            f"{METADATA}.{field.field_name}": field.allowed_values
            for field in type_of(upload.kind).schema(request.aurorax.sources.get(upload.source_identifier))
        }
    )

    def allowed(column: str) -> Collection[str]:
        found: Collection[str] = schema.get(column, ())
        return found

    of_column: Allowed = allowed
    return MendingPage(upload, cause, number, of_column)


def _done(request: PortalRequest, upload: Upload, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except services.UploadRefused as refusal:
        messages.warning(request, refusal.message)
        return redirect("upload-mend", upload.pk)
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError as error:
        messages.warning(request, error.message)
    return redirect("upload-detail", upload.pk)
