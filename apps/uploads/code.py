"""What sending a checked file does, as code."""

from collections.abc import Iterator

import msgspec

from apps.records.code import snippet_records
from apps.records.types import type_of
from apps.snippets import Code
from apps.snippets.records import MOST_INLINE, uploaded
from apps.uploads.models import Upload
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State
from apps.validation.row import Record

KEEPS = "This file does not give all that AuroraX holds of its records. The portal keeps that when it sends; a script would empty it."


def code_of(upload: Upload) -> Code | None:
    """For an upload that can be sent now; None for any other."""
    if upload.state != State.CHECKED or why_not_send(upload) or not (upload.first and upload.last):
        return None
    names = {
        "program": upload.program,
        "platform": upload.platform,
        "instrument_type": upload.instrument_type,
    }
    records = snippet_records(type_of(upload.kind), upload.source_identifier, names, upload.api_url)
    if records is None:
        return None
    if upload.lacks and upload.changed:
        return Code("", note=KEEPS)
    listed = [record for part in _parts(upload) for record in part] if upload.valid <= MOST_INLINE else None
    return uploaded(records, listed, (upload.first, upload.last))


def records_json(upload: Upload) -> Iterator[bytes]:
    """All records that can be sent, as one JSON array."""
    before = b"["
    for chunk in upload.chunks.order_by("first", "index").iterator():
        yield before + chunk.as_given().strip()[1:-1]
        before = b",\n"
    yield b"]" if before != b"[" else b"[]"


def _parts(upload: Upload) -> Iterator[list[Record]]:
    for chunk in upload.chunks.order_by("first", "index"):
        yield msgspec.json.decode(chunk.as_given(), type=list[Record])
