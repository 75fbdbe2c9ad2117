"""Keeping and throwing away drafts. Needs no live sign-in to AuroraX: what is typed must be kept then, too."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.decorators import without_credential
from apps.accounts.http import PortalRequest
from apps.drafts import services
from apps.permissions import signed_in


@signed_in
@without_credential
@require_POST
def keep(request: PortalRequest) -> HttpResponse:
    """Keep the form of `?page=` as it is; the answer says since when, for the script that asks."""
    try:
        draft = services.keep(by=request.user, page=services.page_of_request(request), posted=request.POST)
    except services.CannotKeep as reason:
        return JsonResponse({"message": str(reason)}, status=422)
    return JsonResponse({"message": f"Kept at {draft.kept_at:%H:%M:%S} UTC. Nothing is sent yet."})


@signed_in
@without_credential
@require_POST
def forget(request: PortalRequest) -> HttpResponse:
    """Throw away what is kept of `?page=`, and go back there."""
    page = services.page_of_request(request)
    services.forget(by=request.user, page=page)
    messages.info(request, "What you had typed and not sent is thrown away.")
    return redirect(page if page.startswith("/") and not page.startswith("//") else "overview")
