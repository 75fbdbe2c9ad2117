"""The health of a data source."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.health import services
from apps.health.forms import HealthForm
from apps.health.models import HealthCheck
from apps.jobs.recovery import look_after
from apps.permissions import Action, decide

TAB = "Health"


@on_source(Action.SOURCE_SEE)
@require_GET
def health(request: PortalRequest, source: DataSource) -> HttpResponse:
    """What the last look has found; for who keeps the records with a button for another."""
    check = services.latest(client=request.aurorax, source=source)
    if check is not None:
        look_after(check)
        check.refresh_from_db()
    return _show(request, source, check, HealthForm())


@on_source(Action.EPHEMERIS_CREATE, include_stats=True)
@require_POST
def look(request: PortalRequest, source: DataSource) -> HttpResponse:
    """Look at the records once more, in the background."""
    form = HealthForm(request.POST)
    if not form.is_valid():
        return _show(
            request, source, services.latest(client=request.aurorax, source=source), form, status=422
        )
    try:
        services.begin(by=request.user, client=request.aurorax, source=source, days=form.chosen)
    except services.NothingToLookAt:
        messages.warning(request, services.NO_RECORDS)
    return redirect("source-health", source.identifier)


def _show(
    request: PortalRequest,
    source: DataSource,
    check: HealthCheck | None,
    form: HealthForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "check": check,
        "found": [*services.found_of(check)] if check else [],
        "form": form if decide(request.user, services.LOOKS, source) else None,
    }
    return render_source(
        request,
        source,
        TAB,
        "health/health.html",
        context,
        fragment="health/_source_health.html",
        status=status,
    )
