"""Uploads of one's own: where they stand, what was found, and what is done with them."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from apps.api.bodies import SendOptions, UndoOptions, WrongBody, body_of, number_in
from apps.api.endpoints import for_programs
from apps.api.http import TokenRequest, credential_of
from apps.api.presenting import findings_json, upload_json
from apps.jobs.recovery import look_after
from apps.permissions import Action, NotAllowed
from apps.tokens.models import Scope
from apps.uploads import services
from apps.uploads.models import Upload
from apps.uploads.receipts import receipt
from apps.uploads.states import State

MOST, USUAL = 100, 20  # uploads of a list
NOT_IN_SCOPE = "Uploads are for tokens that may push or undo, and this one may {scopes}."
NOT_TO_RESUME = "Going on with this takes a token that may {scope}."
UPLOADS = Action.EPHEMERIS_CREATE  # the roles that may upload anything at all


@for_programs("GET", action=UPLOADS)
def upload_list(request: TokenRequest) -> HttpResponse:
    """The newest first; `?source=` and `?sha256=` narrow it, `?limit=` says how many."""
    _check_scope(request)
    query = request.GET
    source, limit = number_in(query, "source"), number_in(query, "limit") or USUAL
    if limit > MOST:
        raise WrongBody(f"limit is {MOST} at most.")
    uploads = Upload.objects.filter(owner=request.user).select_related("report", "owner")
    if source is not None:
        uploads = uploads.filter(source_identifier=source)
    if request.token.sources:
        uploads = uploads.filter(source_identifier__in=request.token.sources)
    if digest := query.get("sha256"):
        uploads = uploads.filter(sha256=digest)
    return JsonResponse({"uploads": [upload_json(request, each) for each in uploads[:limit]]})


@for_programs("GET", action=UPLOADS)
def upload_detail(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """Where it stands."""
    upload = _upload(request, upload_id)
    look_after(upload)
    return JsonResponse(upload_json(request, upload))


@for_programs("GET", action=UPLOADS)
def upload_findings(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """What was found in the file, by cause."""
    return JsonResponse({"findings": findings_json(_upload(request, upload_id))})


@for_programs("GET", action=UPLOADS)
def upload_problems(request: TokenRequest, upload_id: UUID) -> HttpResponseBase:
    """Every problem and warning, one a line, as CSV."""
    upload = _upload(request, upload_id)
    if not upload.problem_list:
        raise Http404("This upload has no list of problems.")
    return StreamingHttpResponse(upload.problem_list.open("rb"), content_type="text/csv; charset=utf-8")


@for_programs("GET", action=UPLOADS)
def upload_receipt(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """The receipt, as the page gives it."""
    return JsonResponse(
        receipt(_upload(request, upload_id)), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )


@for_programs("POST", scope=Scope.PUSH, action=UPLOADS)
def upload_send(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """Begin to send."""
    options = body_of(request, SendOptions)
    return _done(
        request,
        upload_id,
        lambda upload: services.send(
            upload=upload,
            by=request.user,
            client=request.aurorax,
            credential=credential_of(request),
            only_new=options.only_new,
            empty_missing=options.empty_missing,
        ),
    )


@for_programs("POST", action=UPLOADS)
def upload_resume(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """Go on, from now on under the key of this token, which takes the scope of what it goes on with."""

    def resume(upload: Upload) -> None:
        scope = Scope.UNDO if upload.resumes_at == State.UNDOING else Scope.PUSH
        if not request.token.allows(scope):
            raise NotAllowed(NOT_TO_RESUME.format(scope=scope))
        services.resume(
            upload=upload, by=request.user, client=request.aurorax, credential=credential_of(request)
        )

    return _done(request, upload_id, resume)


@for_programs("POST", scope=Scope.PUSH, action=UPLOADS)
def upload_cancel(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """Send nothing more."""
    return _done(
        request,
        upload_id,
        lambda upload: services.cancel(upload=upload, by=request.user, client=request.aurorax),
    )


@for_programs("POST", scope=Scope.UNDO, action=UPLOADS)
def upload_undo(request: TokenRequest, upload_id: UUID) -> HttpResponse:
    """Put back what was changed, delete what was created, and read back."""
    options = body_of(request, UndoOptions)
    return _done(
        request,
        upload_id,
        lambda upload: services.undo(
            upload=upload,
            by=request.user,
            client=request.aurorax,
            with_shared=options.with_shared,
            credential=credential_of(request),
        ),
    )


def _upload(request: TokenRequest, upload_id: UUID) -> Upload:
    """One of the person's own, for a data source that the token reaches; what is somebody else's is not there."""
    _check_scope(request)
    upload = Upload.objects.select_related("owner", "report").filter(pk=upload_id, owner=request.user).first()
    if upload is None or not request.token.reaches(upload.source_identifier):
        raise Http404("There is no such upload of yours.")
    return upload


def _check_scope(request: TokenRequest) -> None:
    """A token that can only download does not see what was uploaded."""
    if not (request.token.allows(Scope.PUSH) or request.token.allows(Scope.UNDO)):
        raise NotAllowed(NOT_IN_SCOPE.format(scopes=request.token.scope_words))


def _done(request: TokenRequest, upload_id: UUID, act: Callable[[Upload], None]) -> HttpResponse:
    """Act, and answer where it stands then."""
    upload = _upload(request, upload_id)
    act(upload)
    upload.refresh_from_db()
    return JsonResponse(upload_json(request, upload), status=202)
