"""Who may have a copy of records: whoever may write them, in the data source as it is, or as it was when it was deleted."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from apps.accounts.http import PortalRequest
from apps.accounts.source_tabs import RECORD_PAGES
from apps.activity.models import Event, Snapshot
from apps.aurorax import DataSource
from apps.permissions import Action, Decision, NotAllowed, decide
from apps.permissions.decorators import Access, declare

STATED = "Somebody else's write kept this copy, and your address is only stated with your API key. Sign in with your password."
NO_SOURCE = "The data source of this copy is gone, and what it was is not written down: only Administrators may have it."


Rest = ParamSpec("Rest")
CopyView = Callable[Concatenate[PortalRequest, Snapshot, Rest], HttpResponseBase]


def writing_copied_records(view: CopyView[Rest]) -> Callable[..., HttpResponseBase]:
    """For views under `<uuid:pk>` of a copy: hands it over to whoever may have it, and refuses others with the reason."""

    @wraps(view)
    def with_copy(request: PortalRequest, pk: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        snapshot = get_object_or_404(Snapshot, pk=pk)
        if not (decision := may_see_copy(request, snapshot)):
            raise NotAllowed(decision.reason)
        return view(request, snapshot, *args, **kwargs)

    return declare(with_copy, Access(action=Action.EPHEMERIS_CREATE))  # the roles that may write records


def may_see_copy(request: PortalRequest, snapshot: Snapshot) -> Decision:
    """Whether this person may have the copy. Raises `errors.TryAgain` and `errors.NotSignedIn`."""
    person = request.user
    if not person.email_is_proved and snapshot.user_id != person.pk:
        return Decision(False, STATED)
    pages = RECORD_PAGES.get(snapshot.kind)
    action = pages.create if pages else Action.EPHEMERIS_CREATE
    decision = decide(person, action)
    if not decision or person.is_administrator:
        return decision
    source = _source(request, snapshot.source_identifier)
    return decide(person, action, source) if source else Decision(False, NO_SOURCE)


def _source(request: PortalRequest, identifier: int) -> DataSource | None:
    """As it is now; else as its deletion has written it down."""
    if source := request.aurorax.sources.find(identifier):
        return source
    deletions = Event.objects.about_source(identifier).filter(action=Action.SOURCE_DELETE)
    was = deletions.exclude(before=None).first()
    return DataSource.from_api(was.before) if was and was.before else None
