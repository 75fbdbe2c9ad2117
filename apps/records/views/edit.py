"""Saving one record from a form: the same for every record type, whose app shows the form and knows where to go afterwards."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.accounts.http import PortalRequest
from apps.activity.causes import Because
from apps.aurorax import errors
from apps.records import services
from apps.records.forms import RecordForm
from apps.ui import storage
from apps.ui.forms import explain
from apps.validation.row import Record

Show = Callable[[int], HttpResponse]
Where = Callable[[Record, bool], str]


def save_form(request: PortalRequest, form: RecordForm, *, show: Show, where: Where) -> HttpResponse:
    """Save what was typed, or show the form again with what is in the way.

    `show` answers with the form and a status; `where` gives the address to go on to, from the record and whether
    AuroraX shows it already.
    """
    if not form.is_valid() or form.record is None:
        return show(422)
    if form.without_value:
        messages.info(request, _without_value(form.without_value))
    if not services.is_changed(form.record, form.seen):
        messages.info(request, "Nothing was changed, so nothing was sent.")
        return redirect(where(form.record, True))
    try:
        shows = services.save(
            by=request.user,
            kind=form.kind,
            client=request.aurorax,
            source=form.source,
            record=form.record,
            base=form.seen,
            cause=Because(form.note),
        )
    except services.ChangedMeanwhile as changed:
        form.now_holds(changed.current)
        return show(409)
    except errors.AuroraXError as error:
        explain(form, error)
        return show(422)
    except Exception as error:
        if not storage.is_away(error):
            raise
        form.add_error(None, storage.NO_ROOM)
        return show(422)
    _add_message(request, shows)
    return redirect(where(form.record, shows))


def _without_value(names: Sequence[str]) -> str:
    return (
        f"What you typed for {', '.join(names)} is a word for no value, so there is none. If you mean it as text, write it"
        ' into “Other metadata”: {"name": "text"}.'
    )


def _add_message(request: PortalRequest, shows: bool) -> None:
    if shows:
        messages.success(request, "Saved, and read back from AuroraX.")
    else:
        messages.info(request, "AuroraX has accepted the record. It will show here shortly.")
