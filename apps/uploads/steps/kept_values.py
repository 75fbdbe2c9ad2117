"""What a file does not give: AuroraX keeps it, unless the person says that it is to be emptied.

A body in the ledger is as the file has it: a member that a record does not have was not given. Right before it is sent it
is completed with what AuroraX holds then, because AuroraX replaces a record as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec
from django.core.files.base import ContentFile

from apps.records.record_type import RowT
from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Chunk, Upload
from apps.validation.columns import METADATA

Kept = Mapping[str, Any]  # `location_geo`, `metadata.quality`: AuroraX's value
Raw = dict[str, msgspec.Raw]
MEMBER = f"{METADATA}."
_encode = msgspec.json.Encoder().encode


def lacking(upload: Upload, body: bytes) -> list[Sequence[str]] | None:
    """The members that each record of a body does not have; None where all have all, without a look at them."""
    if not upload.lacks:
        return None
    records = msgspec.json.decode(body, type=list[Raw])
    return [[name for name in upload.lacks if name not in record] for record in records]


def kept(upload: Upload, ours: RecordRow, theirs: RecordRow, lacks: Sequence[str]) -> Kept:
    """What AuroraX has in a record and the file does not give. Without a value in AuroraX there is nothing to keep."""
    if (
        upload.given is None or upload.restores
    ):  # read before this was noted, or a copy: a body then says everything
        return {}
    own = {name: getattr(theirs, name) for name in lacks if name != METADATA}
    found = {name: value for name, value in own.items() if value is not None and value.lat is not None}
    members = _members_kept(frozenset(upload.given), ours, theirs, lacks)
    return found | {f"{MEMBER}{name}": value for name, value in members.items()}


def _members_kept(
    given: frozenset[str], ours: RecordRow, theirs: RecordRow, lacks: Sequence[str]
) -> dict[str, Any]:
    """Metadata goes by its members. Metadata that is empty as a whole, where the file has it, keeps none."""
    held, mine = theirs.metadata or {}, ours.metadata or {}
    if METADATA in lacks:
        return held
    if METADATA in given and not mine:
        return {}
    return {
        name: value for name, value in held.items() if name not in mine and f"{MEMBER}{name}" not in given
    }


def with_kept(row: RowT, kept: Kept) -> RowT:
    """The record as it will be sent."""
    own = _own(kept)
    if members := _members(kept):
        own[METADATA] = {**(row.metadata or {}), **members}
    completed: RowT = msgspec.structs.replace(cast("Any", row), **own)
    return completed


def complete(chunk: Chunk, kind: RecordType, kept: Mapping[int, Kept]) -> None:
    """Store beside the body what will be sent instead. The body stays as it is, so that a completion that is broken off
    begins again from the file.
    """
    chunk.full.save("", ContentFile(completed(chunk.as_given(), kind, kept)), save=False)


def completed(body: bytes, kind: RecordType, kept: Mapping[int, Kept]) -> bytes:
    """The records with what is kept of each, by its place from 0, and with empty members for all else they do not have."""
    records = msgspec.json.decode(body, type=list[Raw])
    nothing = {name: msgspec.Raw(_encode(value)) for name, value in kind.validator_class.optional.items()}
    for place, record in enumerate(records):
        record |= {name: value for name, value in nothing.items() if name not in record}
        if place in kept:
            _put(record, kept[place])
    return _encode(records)


def forget(chunks: Iterable[Chunk]) -> None:
    """Remove what an earlier completion has stored."""
    for chunk in chunks:
        chunk.full.delete(save=False)


def _put(record: Raw, kept: Kept) -> None:
    """Other members stay to the letter, whatever numbers there are in metadata."""
    record |= {name: msgspec.Raw(_encode(value)) for name, value in _own(kept).items()}
    if members := _members(kept):
        mine = msgspec.json.decode(record[METADATA], type=Raw | None) or {}
        record[METADATA] = msgspec.Raw(_encode({**mine, **members}))


def _own(kept: Kept) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if not name.startswith(MEMBER)}


def _members(kept: Kept) -> dict[str, Any]:
    """By their names within metadata."""
    return {name.removeprefix(MEMBER): value for name, value in kept.items() if name.startswith(MEMBER)}
