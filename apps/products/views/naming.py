"""Data products out of a list of URLs and a pattern of their names."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.services import current_credential
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.products.name_forms import NamesForm
from apps.products.record_type import PRODUCTS
from apps.readers.errors import UnreadableFile
from apps.uploads.models import Upload
from apps.uploads.receiving import NoRoom, QuotaUsedUp, receive

SHOWN, MISMATCHES = 25, 200  # of what the names say, and of those that do not fit
NONE_FITS = "No name is as the pattern has it. Change the pattern; the first names that do not fit are below."


@on_source(Action.PRODUCTS_CREATE)
@require_http_methods(["GET", "POST"])
def from_names(request: PortalRequest, source: DataSource) -> HttpResponse:
    """What all names say is shown first; then they are uploaded as any other file."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NamesForm(*posted, initial={"base": ""})
    if form.is_valid():
        if not form.products:
            form.add_error("pattern", NONE_FITS)
        elif "upload" in request.POST:
            try:
                return redirect("upload-detail", _received(request, source, form).pk)
            except (UnreadableFile, NoRoom, QuotaUsedUp) as refusal:
                form.add_error(None, refusal.message)
    context = {
        "form": form,
        "products": form.products[:SHOWN],
        "mismatches": form.mismatches[:MISMATCHES],
        "browse_url": PRODUCTS.url("browse", source.identifier),
    }
    status = 422 if form.errors else 200
    return render_source(request, source, PRODUCTS.label, "products/from_names.html", context, status=status)


def _received(request: PortalRequest, source: DataSource, form: NamesForm) -> Upload:
    return receive(
        by=request.user,
        credential=current_credential(request),
        kind=PRODUCTS,
        source=source,
        file=form.received(),
    )
