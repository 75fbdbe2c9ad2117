"""The page of one deletion, the same for both kinds of record.

The feature apps declare the access and hand the data source over: `apps.ephemeris.views`, `apps.products.views`.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from apps.accounts.http import PortalRequest
from apps.accounts.models import User
from apps.accounts.services import current_credential
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.availability.calendar import with_change
from apps.deletions import services
from apps.deletions.calendar import loss_of
from apps.deletions.models import Deletion, DeletionState, WrongTransition
from apps.deletions.restore import can_restore, restore
from apps.deletions.targets import TARGETS
from apps.records.listing import url_key
from apps.records.types import type_of
from apps.ui.forms import PortalForm

MOST_DAYS = 92  # more are shown by the month
RECENT = 5
Decision = Callable[..., None]
DECISIONS: dict[str, Decision] = {
    "cancel": services.cancel,
    "look_again": services.look_again,
    "resume": services.resume,
}


class ConfirmForm(PortalForm):
    """Somebody's yes: the number of records, typed."""

    count = forms.CharField(
        label="Number of records",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: object, deletion: Deletion, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.deletion = deletion
        self.fields["count"].help_text = f"Type {deletion.count:,} to say that you mean all of them."

    def clean_count(self) -> int:
        """The number shown, with or without commas and blanks."""
        typed = str(self.cleaned_data["count"]).replace(",", "").replace(" ", "")
        if typed != str(self.deletion.count):
            raise forms.ValidationError(f"This is not the number of records above, {self.deletion.count:,}.")
        return self.deletion.count


def deletion_page(request: PortalRequest, source: DataSource, kind: str, pk: UUID) -> HttpResponse:
    """Show a deletion; a POST decides about it."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind, source_identifier=source.identifier)
    services.check_seen(by=request.user, deletion=deletion)
    form = ConfirmForm(request.POST or None, deletion=deletion)
    if request.method == "POST":
        return _decide(request, source, deletion, form)
    services.wake(deletion)
    return _show(request, source, deletion, form)


def _decide(
    request: PortalRequest, source: DataSource, deletion: Deletion, form: ConfirmForm
) -> HttpResponse:
    if request.POST.get("decision") == "restore" and can_restore(deletion):
        return _restore(request, source, deletion)
    if request.POST.get("decision") == "edges":
        decision: Decision = partial(services.look_again, edge_urls=_ticked_edges(request, deletion))
    else:
        decision = DECISIONS.get(request.POST.get("decision", ""), services.confirm)
    if decision is services.confirm and not (deletion.count and form.is_valid()):
        return _show(request, source, deletion, form, status=422)
    try:
        decision(by=request.user, source=source, deletion=deletion)
    except WrongTransition:
        deletion.refresh_from_db()
        form = ConfirmForm(deletion=deletion)
        return _show(request, source, deletion, form, status=409)
    return redirect(reverse(f"{deletion.kind}-deletion", args=[source.identifier, deletion.pk]))


def _ticked_edges(request: PortalRequest, deletion: Deletion) -> list[str]:
    """Those of the data products on the edge that were ticked. The form sends their keys."""
    ticked = set(request.POST.getlist("edge"))
    return [edge["url"] for edge in deletion.survey.get("edges", []) if url_key(edge["url"]) in ticked]


def _restore(request: PortalRequest, source: DataSource, deletion: Deletion) -> HttpResponse:
    credential = current_credential(request)
    upload = restore(by=request.user, credential=credential, source=source, deletion=deletion)
    return redirect("upload-detail", upload.pk)


def _show(
    request: PortalRequest, source: DataSource, deletion: Deletion, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    kind = TARGETS[deletion.kind]
    context = {
        "deletion": deletion,
        "form": form,
        "kind": kind,
        "can_restore": can_restore(deletion),
        "may_confirm": deletion.state == DeletionState.READY and deletion.count > 0,
        "browse_url": reverse(f"{deletion.kind}-browse", args=[source.identifier]),
        "begin_url": reverse(f"{deletion.kind}-delete", args=[source.identifier]),
        "steps": steps(deletion),
        "left_out": left_out(deletion),
        "edges": edges_of(deletion),
        "spread": spread(deletion.survey.get("days", {})),
        "calendar_url": _calendar_url(deletion),
    }
    return render_source(
        request, source, kind.tab, "deletions/deletion.html", context,
        fragment="deletions/_deletion_progress.html", status=status,
    )  # fmt: skip


def _calendar_url(deletion: Deletion) -> str:
    """Where the days that will be lost are shown among those that stay; only as long as that is to be decided."""
    if deletion.state != DeletionState.READY:
        return ""
    return reverse(f"{deletion.kind}-deletion-calendar", args=[deletion.source_identifier, deletion.pk])


def edges_of(deletion: Deletion) -> list[tuple[str, dict[str, str], bool]]:
    """The data products that only touch the span: a key for the form, the record, and whether it is to go."""
    found = deletion.survey.get("edges", [])
    return [(url_key(edge["url"]), edge, edge["url"] in deletion.edge_urls) for edge in found]


def left_out(deletion: Deletion) -> int:
    """How many of the records are neither in the head nor in the tail that the page shows."""
    return deletion.count - len(deletion.survey.get("head", [])) - len(deletion.survey.get("tail", []))


def spread(days: dict[str, int]) -> list[tuple[str, int]]:
    """Records for each day, or for each month where there are many days."""
    if len(days) <= MOST_DAYS:
        return sorted(days.items())
    months: Counter[str] = Counter()
    for day, count in days.items():
        months[day[:7]] += count
    return sorted(months.items())


def recent(by: User, source: DataSource, kind: str) -> QuerySet[Deletion]:
    """The latest deletions, for whoever comes back to one; only one's own behind a merely stated address."""
    found = Deletion.objects.select_related("user").filter(source_identifier=source.identifier, kind=kind)
    return (found if by.email_is_proved else found.filter(user=by))[:RECENT]


def steps(deletion: Deletion) -> list[tuple[str, str]]:
    """The way of a deletion in words, each with `past`, `now` or `ahead`."""
    way = [DeletionState.LOOKING, DeletionState.READY, DeletionState.SAVING, DeletionState.DELETING,
           DeletionState.CHECKING, DeletionState.DONE]  # fmt: skip
    at = deletion.resumes_at if deletion.state == DeletionState.PAUSED else deletion.state
    here = way.index(DeletionState(at)) if at in way else -1
    return [
        (step.label, "now" if place == here else "past" if place < here else "ahead")
        for place, step in enumerate(way)
    ]


def deletion_calendar(request: PortalRequest, source: DataSource, kind: str, pk: UUID) -> HttpResponse:
    """What a deletion will take, within the calendar of what is there; for htmx only the calendar."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind, source_identifier=source.identifier)
    services.check_seen(by=request.user, deletion=deletion)
    if not deletion.count:
        raise Http404("This deletion has found no records.")
    change = loss_of(deletion)
    context = {
        "title": "What will be lost",
        "label": "What will be lost",
        "calendar": with_change(client=request.aurorax, source=source, slug=kind, change=change),
        "back": reverse(f"{kind}-deletion", args=[source.identifier, pk]),
    }
    page, tab = "deletions/deletion_calendar.html", type_of(kind).label
    return render_source(request, source, tab, page, context, fragment="availability/_change_calendar.html")
