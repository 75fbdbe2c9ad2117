"""The shapes of bodies and answers (JSON Schema, as OpenAPI 3.1 takes it)."""

from typing import Any

from apps.api.outcomes import OutcomeWord
from apps.records.types import record_types
from apps.tokens.models import Scope
from apps.uploads.states import State
from apps.validation.rules import Severity

Schema = dict[str, Any]
KIND: Schema = {"enum": [each.slug for each in record_types()]}
TIME = {"type": "string", "description": "UTC, YYYY-MM-DDTHH:MM:SS"}
NO_TIME = {"type": ["string", "null"], "description": "UTC, YYYY-MM-DDTHH:MM:SS"}
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
FLAG = {"type": "boolean"}
ID = {"type": "string", "format": "uuid"}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def record(description: str, **members: Schema) -> Schema:
    """An object that has all of these members."""
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "required": [*members],
        "additionalProperties": False,
    }


def options(description: str, *required: str, **members: Schema) -> Schema:
    """An object that may have these members and no others."""
    return record(description, **members) | {"required": [*required]}


def ref(name: str) -> Schema:
    """A shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(item: Schema) -> Schema:
    """Any number of these."""
    return {"type": "array", "items": item}


def or_null(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


ANSWERS: Schema = {
    "type": "object",
    "description": "to what can be chosen besides, by the names of the questions",
    "default": {},
    "properties": {
        question: {"enum": [*choices]}
        for each in record_types()
        for question, choices in each.beforehand.items()
    },
    "additionalProperties": False,
}
COUNTS = record(
    "Records.", new=NUMBER, changed=NUMBER, identical=NUMBER, accepted=NUMBER, refused=NUMBER, verified=NUMBER
)
SCHEMAS: dict[str, Schema] = {
    "Token": record(
        "What a token is for, and whose it is.",
        name=TEXT,
        prefix=TEXT,
        scopes=list_of({"enum": [*Scope.values]}),
        sources=list_of(NUMBER) | {"description": "identifiers of data sources; none means all"},
        expires=TIME,
        person=TEXT,
        role=TEXT,
        aurorax=TEXT,
    ),
    "NewFile": options(
        "A file that will be sent.",
        "name",
        "size",
        "sha256",
        name=TEXT | {"minLength": 1, "maxLength": 250},
        size=NUMBER | {"minimum": 0, "description": "bytes"},
        sha256=SHA256,
        kind=KIND | {"default": KIND["enum"][0]},
        only_if_all_valid=FLAG
        | {"description": "send nothing where one row has a problem", "default": False},
        answers=ANSWERS,
    ),
    "File": record(
        "A file that arrives in pieces.",
        id=ID,
        address=TEXT,
        name=TEXT,
        size=NUMBER,
        sha256=SHA256,
        offset=NUMBER | {"description": "bytes that have arrived"},
        upload=or_null(ID),
    ),
    "FileOrUpload": record(
        "Either a file to be sent, or the upload of it.",
        file=or_null(ref("File")),
        upload=or_null(ref("Upload")),
    ),
    "Upload": record(
        "Where an upload stands.",
        id=ID,
        page=TEXT | {"description": "its address for people"},
        source=NUMBER,
        source_name=TEXT,
        kind=TEXT,
        file=record("The file.", name=TEXT, size=NUMBER, sha256=SHA256, format=TEXT),
        state={"enum": [*State.values]},
        outcome={"enum": [each.value for each in OutcomeWord]},
        title=TEXT,
        message=TEXT,
        why_not_send=TEXT,
        progress=record("How far it is.", done=NUMBER, total=NUMBER, percent=NUMBER),
        rows=record("Rows of the file.", read=NUMBER, valid=NUMBER, with_problems=NUMBER),
        records=COUNTS,
        undo={"type": ["object", "null"]},
        first=NO_TIME,
        last=NO_TIME,
        received=TIME,
        ended=NO_TIME,
    ),
    "Uploads": record("The newest first.", uploads=list_of(ref("Upload"))),
    "Findings": record(
        "What was found in a file, by cause.",
        findings=list_of(
            record(
                "All findings of one rule in one column.",
                severity={"enum": ["question", *(each.value for each in Severity)]},
                rule=TEXT,
                column=TEXT,
                message=TEXT,
                hint=TEXT,
                count=NUMBER,
                examples=list_of(record("One of them.", place=TEXT, value=TEXT)),
            )
        ),
    ),
    "Receipt": {
        "type": "object",
        "description": "The receipt of the upload's page.",
        "required": ["upload", "state", "verified", "file", "rows", "records", "times"],
    },
    "SendOptions": options(
        "What is done to what AuroraX holds already.",
        only_new=FLAG | {"description": "leave it alone", "default": False},
        empty_missing=FLAG | {"description": "empty what the file does not give", "default": False},
    ),
    "UndoOptions": options(
        "How far undoing goes.",
        with_shared=FLAG | {"description": "also what later uploads stand for", "default": False},
    ),
    "Problem": {
        "type": "object",
        "description": "RFC 9457. Go by the end of `type`; `detail` is for people.",
        "properties": {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT},
        "required": ["type", "title", "status", "detail"],
    },
}
