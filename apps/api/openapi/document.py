"""The document: every address, what it takes, what it answers."""

from typing import Any

from apps.api.openapi.schemas import ID, KIND, NUMBER, SCHEMAS, SHA256, TEXT, Schema, ref
from apps.records.exports import FORMATS

ABOUT = """The Provider Portal for programs: files are checked, compared, sent and read back as on its pages. Show a token as
`Authorization: Bearer axp_…`; you make one on the page Settings, Tokens. Errors are `application/problem+json`. Files arrive in
pieces by the core of tus 1.0. Everything may be sent again: a file that is being worked on is found by its SHA-256."""
JSON = "application/json"
REFUSALS = {
    "401": "No usable token, or AuroraX does not take the API key behind it.",
    "403": "Not with this token, or not for this person.",
    "404": "There is none.",
    "409": "Not in the state it is in, or being worked on.",
    "422": "What was sent cannot be meant.",
    "429": "Too many wrong tokens.",
    "502": "AuroraX does not answer.",
    "503": "AuroraX, or a part of the portal, cannot answer just now.",
}


def document(server: str) -> dict[str, Any]:
    """The document, for a portal at this address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "AuroraX Provider Portal", "version": "1", "description": ABOUT},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {f"/api/{path}": operations for path, operations in PATHS.items()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def operation(
    summary: str,
    answer: Schema | None = None,
    *parameters: Schema,
    status: str = "200",
    takes: str = "",
    media: str = JSON,
) -> Schema:
    """One method of an address; `takes` names the shape of its body."""
    answers: Schema = {status: {"description": summary}}
    if answer is not None:
        answers[status]["content"] = {media: {"schema": answer}}
    for code, words in REFUSALS.items():
        problem = {"application/problem+json": {"schema": ref("Problem")}}
        answers[code] = {"description": words, "content": problem}
    body = {"requestBody": {"content": {JSON: {"schema": ref(takes)}}, "required": True}} if takes else {}
    return {"summary": summary, "parameters": [*parameters], "responses": answers, **body}


def in_path(name: str, schema: Schema) -> Schema:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def in_query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    """What may stand behind the question mark."""
    return {"name": name, "in": "query", "required": required, "schema": schema}


def in_header(name: str, schema: Schema) -> Schema:
    """A header that has to be there."""
    return {"name": name, "in": "header", "required": True, "schema": schema}


SOURCE, FILE, UPLOAD = in_path("identifier", NUMBER), in_path("file_id", ID), in_path("upload_id", ID)
SPAN = [in_query(name, TEXT, required=True) for name in ("start", "end")]
PIECE = operation("The next piece is kept", None, FILE, in_header("Upload-Offset", NUMBER), status="204")
PIECE["requestBody"] = {"content": {"application/offset+octet-stream": {}}, "required": True}
EXPORT = operation(
    "The records of a span, both ends included, as a file", TEXT, SOURCE, *SPAN, media="text/csv"
)
EXPORT["parameters"] += [
    in_query("kind", KIND),
    in_query("format", {"enum": [*FORMATS]}),
]
NARROWED = [
    in_query("source", NUMBER),
    in_query("sha256", SHA256),
    in_query("limit", NUMBER | {"maximum": 100}),
]
PATHS: dict[str, Schema] = {
    "openapi.json": {"get": operation("This document", {"type": "object"}) | {"security": []}},
    "token": {"get": operation("What this token is for", ref("Token"))},
    "sources/{identifier}/files": {
        "post": operation(
            "A file to be sent in pieces from its offset on, or the upload that it is already",
            ref("FileOrUpload"),
            SOURCE,
            status="201",
            takes="NewFile",
        )
    },
    "sources/{identifier}/records": {"get": EXPORT},
    "files/{file_id}": {
        "get": operation("How much of it is here", ref("File"), FILE),
        "head": operation("The same, in the header Upload-Offset", None, FILE),
        "patch": PIECE,
        "delete": operation("It is forgotten", None, FILE, status="204"),
    },
    "files/{file_id}/upload": {
        "post": operation(
            "The upload of a file that is here as a whole",
            ref("FileOrUpload"),
            FILE,
            status="201",
        )
    },
    "uploads": {"get": operation("Your uploads, newest first", ref("Uploads"), *NARROWED)},
    "uploads/{upload_id}": {"get": operation("Where it stands", ref("Upload"), UPLOAD)},
    "uploads/{upload_id}/findings": {"get": operation("What was found in the file", ref("Findings"), UPLOAD)},
    "uploads/{upload_id}/problems.csv": {
        "get": operation("Every problem and warning", TEXT, UPLOAD, media="text/csv")
    },
    "uploads/{upload_id}/receipt": {"get": operation("The receipt", ref("Receipt"), UPLOAD)},
    "uploads/{upload_id}/send": {
        "post": operation("It is being sent", ref("Upload"), UPLOAD, status="202", takes="SendOptions")
    },
    "uploads/{upload_id}/resume": {"post": operation("It goes on", ref("Upload"), UPLOAD, status="202")},
    "uploads/{upload_id}/cancel": {
        "post": operation("Nothing more is sent", ref("Upload"), UPLOAD, status="202")
    },
    "uploads/{upload_id}/undo": {
        "post": operation("It is being undone", ref("Upload"), UPLOAD, status="202", takes="UndoOptions")
    },
}
