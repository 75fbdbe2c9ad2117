"""The page of one deletion, the same for every record type.

The feature apps declare the access and hand the data source over.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from apps.accounts.http import PortalRequest
from apps.accounts.models import User
from apps.accounts.services import current_credential
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.availability.calendar import with_change
from apps.deletions import services
from apps.deletions.calendar import loss_of
from apps.deletions.code import code_of
from apps.deletions.models import Deletion, DeletionState
from apps.deletions.progress import progress, steps
from apps.deletions.restore import belongs_to, can_restore, has_copy, restore
from apps.jobs.models import WrongTransition
from apps.jobs.recovery import look_after
from apps.records.listing import url_key
from apps.records.time_fields import RangeForm
from apps.records.types import RecordType, type_of
from apps.ui.forms import WhyForm
from apps.validation.row import Record

MOST_DAYS = 92  # more are shown by the month
RECENT = 5
Decision = Callable[..., None]
DECISIONS: dict[str, Decision] = {
    "cancel": services.cancel,
    "look_again": services.look_again,
    "resume": services.resume,
}


class ConfirmForm(WhyForm):
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


def range_page(request: PortalRequest, source: DataSource, kind: RecordType, *, hint: str) -> HttpResponse:
    """Choose a range. Posting it only looks what is there; the next page shows that and asks. `hint` says what it shows."""
    given = {name: request.GET[name] for name in ("start", "end") if name in request.GET}
    form = RangeForm(request.POST) if request.method == "POST" else RangeForm(initial=given)
    if request.method == "POST" and form.is_valid():
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        deletion = services.look_for(by=request.user, source=source, kind=kind.slug, start=start, end=end)
        return redirect(kind.url("deletion", source.identifier, deletion.pk))
    context = {
        "form": form,
        "kind": kind,
        "hint": hint,
        "address": kind.url("delete", source.identifier),
        "back": kind.url("browse", source.identifier),
        "recent": recent(request.user, source, kind),
    }
    status = 422 if form.errors else 200
    return render_source(request, source, kind.label, "deletions/choose_range.html", context, status=status)


def deletion_page(request: PortalRequest, source: DataSource, kind: RecordType, pk: UUID) -> HttpResponse:
    """Show a deletion; a POST decides about it."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind.slug, source_identifier=source.identifier)
    services.check_seen(by=request.user, deletion=deletion)
    form = ConfirmForm(request.POST or None, deletion=deletion)
    if request.method == "POST":
        return _decide(request, source, deletion, form)
    look_after(deletion)
    deletion.refresh_from_db()
    return _show(request, source, deletion, form)


def _decide(
    request: PortalRequest, source: DataSource, deletion: Deletion, form: ConfirmForm
) -> HttpResponse:
    if request.POST.get("decision") == "restore" and _may_restore(deletion, source):
        return _restore(request, source, deletion)
    if request.POST.get("decision") == "edges":
        decision: Decision = partial(services.look_again, edge_urls=_ticked_edges(request, deletion))
    else:
        decision = DECISIONS.get(request.POST.get("decision", ""), services.confirm)
    if decision is services.confirm and not (deletion.count and form.is_valid()):
        return _show(request, source, deletion, form, status=422)
    if decision is services.confirm:
        decision = partial(services.confirm, note=form.note)
    try:
        decision(by=request.user, source=source, deletion=deletion)
    except WrongTransition:
        deletion.refresh_from_db()
        form = ConfirmForm(deletion=deletion)
        return _show(request, source, deletion, form, status=409)
    return redirect(type_of(deletion.kind).url("deletion", source.identifier, deletion.pk))


def _may_restore(deletion: Deletion, source: DataSource) -> bool:
    return can_restore(deletion) and belongs_to(deletion, source)


def _ticked_edges(request: PortalRequest, deletion: Deletion) -> list[str]:
    """The keys of those on the edge that were ticked. The form sends what stands for them."""
    ticked = set(request.POST.getlist("edge"))
    return [key for key in _keys_on_edge(deletion) if url_key(key) in ticked]


def _keys_on_edge(deletion: Deletion) -> list[str]:
    kind = type_of(deletion.kind)
    return [kind.key(kind.row_of(edge)) for edge in deletion.survey.get("edges", [])]


def _restore(request: PortalRequest, source: DataSource, deletion: Deletion) -> HttpResponse:
    credential = current_credential(request)
    upload = restore(by=request.user, credential=credential, source=source, deletion=deletion)
    return redirect("upload-detail", upload.pk)


def _show(
    request: PortalRequest, source: DataSource, deletion: Deletion, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    kind = type_of(deletion.kind)
    context = {
        "deletion": deletion,
        "form": form,
        "kind": kind,
        "can_restore": _may_restore(deletion, source),
        "has_copy": deletion.snapshot is not None and has_copy(deletion),
        "can_cancel": can_cancel(deletion),
        "goes_on_at": deletion.retry_at if deletion.state == DeletionState.PAUSED else None,
        "progress": progress(deletion),
        "may_confirm": deletion.state == DeletionState.READY and deletion.count > 0,
        "browse_url": kind.url("browse", source.identifier),
        "begin_url": kind.url("delete", source.identifier),
        "steps": steps(deletion),
        "left_out": left_out(deletion),
        "edges": edges_of(deletion),
        "head": summarized(kind, deletion.survey.get("head", [])),
        "tail": summarized(kind, deletion.survey.get("tail", [])),
        "spread": spread(deletion.survey.get("days", {})),
        "calendar_url": _calendar_url(deletion),
        "code": code_of(deletion, source, request.aurorax),
    }
    return render_source(
        request, source, kind.label, "deletions/deletion.html", context,
        fragment="deletions/_deletion_progress.html", status=status,
    )  # fmt: skip


def _calendar_url(deletion: Deletion) -> str:
    """Where the days that will be lost are shown among those that stay; only as long as that is to be decided."""
    if deletion.state != DeletionState.READY:
        return ""
    return type_of(deletion.kind).url("deletion-calendar", deletion.source_identifier, deletion.pk)


def edges_of(deletion: Deletion) -> list[tuple[str, list[str], bool]]:
    """The records that only touch the span: what stands for each in the form, its cells, and whether it is to go."""
    cells = summarized(type_of(deletion.kind), deletion.survey.get("edges", []))
    return [
        (url_key(key), row, key in deletion.edge_urls)
        for key, row in zip(_keys_on_edge(deletion), cells, strict=True)
    ]


def summarized(kind: RecordType, records: Iterable[Record]) -> list[list[str]]:
    """The cells of a short table of records, under the headers of `kind.summary`."""
    rows = map(kind.row_of, records)
    return [[cell(row) for cell in kind.summary.values()] for row in rows]


def can_cancel(deletion: Deletion) -> bool:
    """Whether deleting more can still be stopped."""
    return bool({DeletionState.CANCELLED, DeletionState.CANCELLING} & deletion.exits)


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


def recent(by: User, source: DataSource, kind: RecordType) -> QuerySet[Deletion]:
    """The latest deletions, for whoever comes back to one; only one's own behind a merely stated address."""
    here = Deletion.objects.filter(source_identifier=source.identifier, kind=kind.slug)
    found = here.select_related("user")
    return (found if by.email_is_proved else found.filter(user=by))[:RECENT]


def deletion_calendar(request: PortalRequest, source: DataSource, kind: RecordType, pk: UUID) -> HttpResponse:
    """What a deletion will take, within the calendar of what is there; for htmx only the calendar."""
    deletion = get_object_or_404(Deletion, pk=pk, kind=kind.slug, source_identifier=source.identifier)
    services.check_seen(by=request.user, deletion=deletion)
    if not deletion.count:
        raise Http404("This deletion has found no records.")
    change = loss_of(deletion)
    context = {
        "title": "What will be lost",
        "label": "What will be lost",
        "calendar": with_change(client=request.aurorax, source=source, slug=kind.slug, change=change),
        "back": kind.url("deletion", source.identifier, pk),
    }
    page = "deletions/deletion_calendar.html"
    return render_source(
        request, source, kind.label, page, context, fragment="availability/_change_calendar.html"
    )
