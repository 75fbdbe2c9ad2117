"""Access to one upload, declared on the view: to have the upload is to have passed the check."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase

from apps.accounts.decorators import without_credential
from apps.accounts.http import PortalRequest
from apps.accounts.roles import confirm_role
from apps.accounts.services import current_credential
from apps.aurorax import ListedSource, errors
from apps.permissions import Action, Decision, NotAllowed, check
from apps.permissions import decide as decide_on
from apps.permissions.addresses import folded
from apps.permissions.decorators import Access, declare
from apps.records.types import record_types, type_of
from apps.uploads.models import Upload
from apps.uploads.services import NOT_YOURS, may_act

Rest = ParamSpec("Rest")
STATED = "Somebody else made this upload, and your address is only stated with your API key. Sign in with your password."
UploadView = Callable[Concatenate[PortalRequest, Upload, Rest], HttpResponseBase]
Check = Callable[[PortalRequest, Upload], None]


def seeing_upload(view: UploadView[Rest]) -> Callable[..., HttpResponseBase]:
    """For views under `<uuid:upload_id>` that only show: for the uploader, Administrators, and everybody who may upload
    to that data source themselves. 404 when there is none, 403 with the reason for others.
    """
    return without_credential(_with_upload(view, _check_see))


def reusing_upload(view: UploadView[Rest]) -> Callable[..., HttpResponseBase]:
    """The same for views that make something new of the upload, with the person's own sign-in."""
    return _with_upload(view, _check_see)


def acting_on_upload(view: UploadView[Rest]) -> Callable[..., HttpResponseBase]:
    """For views that change something: for the uploader and Administrators, and for all who keep the records of the data
    source once sending has begun. Services ask for more where it matters.
    """
    return _with_upload(view, _check_act)


def _with_upload(view: UploadView[Rest], check_access: Check) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def with_upload(request: PortalRequest, upload_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        upload = Upload.objects.select_related("owner", "report").filter(pk=upload_id).first()
        if upload is None:
            raise Http404("There is no such upload.")
        check_access(request, upload)
        return view(request, upload, *args, **kwargs)

    return declare(
        with_upload, Access(action=Action.EPHEMERIS_CREATE)
    )  # the roles that may upload anything at all


def _check_see(request: PortalRequest, upload: Upload) -> None:
    """Polls ask this often, so the uploader is let in without a question to AuroraX. Behind an API key an address is only
    stated, and opens nothing that somebody else has made.
    """
    if upload.owner_id == request.user.pk:
        return
    if current_credential(request) is None:
        raise errors.NotSignedIn
    if not request.user.email_is_proved:
        raise NotAllowed(STATED)
    if request.user.is_administrator:
        confirm_role(by=request.user, client=request.aurorax)
        return
    try:
        source = request.aurorax.sources.get(upload.source_identifier)
    except errors.NotFound:
        raise NotAllowed(NOT_YOURS) from None
    check(request.user, type_of(upload.kind).actions.create, source)


def _check_act(request: PortalRequest, upload: Upload) -> None:
    decision = decide(request, upload)
    if not decision:
        raise NotAllowed(decision.reason)
    if upload.owner_id != request.user.pk and request.user.is_administrator:
        confirm_role(by=request.user, client=request.aurorax)  # some of these views show the upload again


def decide(request: PortalRequest, upload: Upload) -> Decision:
    """Whether this person may decide about the upload; AuroraX is asked only where that hangs on the data source."""
    decision = may_act(request.user, upload)
    may_ever = decide_on(request.user, type_of(upload.kind).actions.create)
    if decision or not upload.started_at or not may_ever:
        return decision
    try:
        return may_act(request.user, upload, request.aurorax.sources.get(upload.source_identifier))
    except errors.NotFound:
        return decision


def kept_sources(request: PortalRequest) -> dict[str, list[int]]:
    """The data sources whose records this person keeps, for each record type, so that they see what others upload there;
    none while AuroraX does not answer.
    """
    person = request.user
    if not person.email_is_proved:
        return {}
    try:
        sources = request.aurorax.sources.directory()
    except errors.AuroraXError:
        return {}
    likely = [each for each in sources if _names(each, folded(person.email))]
    return {
        kind.slug: [each.identifier for each in likely if decide_on(person, kind.actions.create, each)]
        for kind in record_types()
    }


def _names(source: ListedSource, address: str) -> bool:
    """Whether an address is anywhere in it: of thousands only those are looked at closely."""
    return any(entry and address in entry.lower() for entry in (source.owner, *source.maintainers))
