"""Sending a file in pieces, by the core of the tus protocol, version 1.0 (https://tus.io/protocols/resumable-upload)."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from apps.api.bodies import NewFile, WrongBody, body_of, kind_of, known_answers
from apps.api.endpoints import for_programs, source_of
from apps.api.http import TokenRequest, credential_of
from apps.api.presenting import file_json, upload_json
from apps.permissions import Action
from apps.records.types import type_of
from apps.tokens.models import Scope
from apps.ui.problems import problem
from apps.uploads import incoming
from apps.uploads.models import IncomingFile

TUS = "1.0.0"
PIECE = "application/offset+octet-stream"
UPLOADS = Action.EPHEMERIS_CREATE  # the roles that may upload anything at all


@for_programs("POST", scope=Scope.PUSH, action=UPLOADS)
def new_file(request: TokenRequest, identifier: int) -> HttpResponse:
    """Begin with a file, go on with it (200), or learn that the same file is being worked on as an upload (200)."""
    told = body_of(request, NewFile)
    kind = kind_of(told.kind)
    source = source_of(request, identifier, kind.actions.create)
    answers = known_answers(kind, told.answers)
    upload = incoming.under_way(
        by=request.user,
        kind=kind,
        source=source,
        sha256=told.sha256,
        only_if_all_valid=told.only_if_all_valid,
        answers=answers,
    )
    if upload is not None:
        return JsonResponse({"file": None, "upload": upload_json(request, upload)})
    file = incoming.begin(
        by=request.user,
        credential=credential_of(request),
        kind=kind,
        source=source,
        name=told.name,
        size=told.size,
        sha256=told.sha256,
        only_if_all_valid=told.only_if_all_valid,
        answers=answers,
    )
    answer = JsonResponse(
        {"file": file_json(request, file), "upload": None}, status=200 if file.offset else 201
    )
    answer.headers["Location"] = file_json(request, file)["address"]
    return answer


@for_programs("HEAD", "GET", "PATCH", "DELETE", scope=Scope.PUSH, action=UPLOADS)
def file_pieces(request: TokenRequest, file_id: UUID) -> HttpResponseBase:
    """How far it is (HEAD, GET), the next piece (PATCH), or never mind (DELETE)."""
    file = _file(request, file_id)
    if request.method == "PATCH":
        return _dressed(_append(request, file), file)
    if request.method == "DELETE":
        incoming.discard(file)
        return HttpResponse(status=204, headers={"Tus-Resumable": TUS})
    return _dressed(JsonResponse(file_json(request, file)), file)


@for_programs("POST", scope=Scope.PUSH, action=UPLOADS)
def file_upload(request: TokenRequest, file_id: UUID) -> HttpResponse:
    """Make an upload of a file that is here as a whole: it is read, checked and compared."""
    file = _file(request, file_id)
    kind = type_of(file.kind)
    source = source_of(request, file.source_identifier, kind.actions.create)
    upload = incoming.finish(
        file=file,
        by=request.user,
        source=source,
        kind=kind,
        credential=credential_of(request),
    )
    upload.refresh_from_db()  # a worker may be at it already
    return JsonResponse({"file": None, "upload": upload_json(request, upload)}, status=201)


def _file(request: TokenRequest, file_id: UUID) -> IncomingFile:
    """One of the person's own, for a data source that the token reaches."""
    file = IncomingFile.objects.select_related("upload").filter(pk=file_id, owner=request.user).first()
    if file is None or not request.token.reaches(file.source_identifier):
        raise Http404("There is no such file: it is forgotten two days after its last byte.")
    return file


def _append(request: TokenRequest, file: IncomingFile) -> HttpResponse:
    if request.headers.get("Tus-Resumable", TUS) != TUS:
        return problem(412, "tus-version", "Another version of tus", f"This is tus {TUS}.")
    if request.content_type != PIECE:
        return problem(415, "content-type", "Not a piece of a file", f"Send it as {PIECE}.")
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
        raise WrongBody("The header Upload-Offset has to say at which byte the piece begins.")
    piece = request.read(incoming.LARGEST_PIECE + 1)
    if len(piece) > incoming.LARGEST_PIECE:
        most = f"A piece has {incoming.LARGEST_PIECE:,} bytes at most: send the file in more of them."
        return problem(413, "too-large", "Too large a piece", most)
    incoming.append(file=file, offset=int(offset), piece=piece)
    return HttpResponse(status=204)


def _dressed(answer: HttpResponse, file: IncomingFile) -> HttpResponse:
    """With what tus says in headers."""
    for name, value in (("Tus-Resumable", TUS), ("Upload-Offset", file.offset), ("Upload-Length", file.size)):
        answer.headers.setdefault(name, str(value))
    return answer
