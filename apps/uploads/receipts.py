"""The receipt of an upload: what was sent, what became of it, and how to recognise the file."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from apps.aurorax.times import write
from apps.readers import Dialect
from apps.uploads.later_writes import true_as_of
from apps.uploads.models import Upload
from apps.validation.rules import Severity

# Section of the page, part of the receipt, and the words for each of its values.
SECTIONS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("File", "file", {"name": "Name", "size": "Size in bytes", "sha256": "SHA-256", "format": "Format"}),
    (
        "Data source",
        "data_source",
        {
            "identifier": "Identifier",
            "program": "Program",
            "platform": "Platform",
            "instrument_type": "Instrument type",
        },
    ),
    ("Rows", "rows", {"read": "Read", "valid": "Valid", "with_problems": "With problems, not sent"}),
    (
        "Records",
        "records",
        {
            "new": "New",
            "changed": "Changed",
            "identical": "In AuroraX already, not sent",
            "accepted": "Accepted by AuroraX",
            "refused": "Refused by AuroraX",
            "sent_again": "Lost on the way, sent again",
            "verified": "Read back with equal values",
            "left_to_others": "Changed by somebody else meanwhile, left alone",
            "not_found": "Accepted, and not there",
        },
    ),
    ("On the way", "on_the_way", {"changed": "Changed or filled by the portal", "chosen": "As chosen"}),
    ("Fields", "fields", {"kept": "Not in the file, kept", "taken_away": "Taken away"}),
    (
        "Times (UTC)",
        "times",
        {
            "received": "Received",
            "compared": "Compared",
            "started": "Sending began",
            "accepted": "All accepted",
            "read_back_since": "First looked at, to read it back",
            "true_as_of": "All read back: what is said here was so by then",
            "ended": "Ended",
        },
    ),
)


def receipt(upload: Upload) -> dict[str, Any]:
    """What was sent, what became of it, and how to recognise the file. Times are UTC, the size is in bytes."""
    return {
        "upload": str(upload.pk),
        "state": upload.state,
        "verified": upload.is_verified,
        "still_so": None if upload.is_another_now is None else not upload.is_another_now,
        "kind": upload.kind,
        "data_source": _data_source(upload),
        "file": _file(upload),
        "columns": upload.mapping,
        "rows": {"read": upload.rows, "valid": upload.valid, "with_problems": upload.with_problems},
        "records": _records(upload),
        "on_the_way": _on_the_way(upload),
        "fields": _fields(upload),
        "left_to_others": upload.report.others_listed,
        "undo": upload.undone or None,
        "checked_again": upload.checked_again or None,
        "first": _time(upload.first),
        "last": _time(upload.last),
        "api": upload.api_url,
        "person": upload.owner.email,
        "finished_by": upload.actor.email,
        "snapshot_of_what_was_there": str(upload.snapshot) if upload.snapshot else None,
        "times": _times(upload),
    }


def _data_source(upload: Upload) -> dict[str, object]:
    return {
        "identifier": upload.source_identifier,
        "program": upload.program,
        "platform": upload.platform,
        "instrument_type": upload.instrument_type,
    }


def _file(upload: Upload) -> dict[str, object]:
    return {
        "name": upload.name,
        "size": upload.size,
        "sha256": upload.sha256,
        "format": upload.format,
        "dialect": upload.dialect,
    }


def _records(upload: Upload) -> dict[str, int]:
    return {
        "new": upload.new,
        "changed": upload.changed,
        "identical": upload.identical,
        "to_send": upload.to_send,
        "accepted": upload.sent,
        "refused": upload.refused,
        "sent_again": upload.resent,
        "verified": upload.verified,
        "left_to_others": upload.report.left_to_others,
        "not_found": upload.missing,
    }


def _times(upload: Upload) -> dict[str, str | None]:
    return {
        "received": _time(upload.created_at),
        "compared": _time(upload.compared_at),
        "started": _time(upload.started_at),
        "accepted": _time(upload.sent_at),
        "read_back_since": _time(upload.read_back_since),
        "true_as_of": _time(true_as_of(upload)),
        "ended": _time(upload.ended_at),
    }


def _time(moment: datetime | None) -> str | None:
    return write(moment) if moment else None


def _fields(upload: Upload) -> dict[str, dict[str, int]]:
    """In how many changed records a field that the file does not give stayed as it was, or lost its value."""
    found = {} if upload.only_new else upload.report.differences
    return {"kept": found.get("kept", {}), "taken_away": found.get("takes", {})}


def _on_the_way(upload: Upload) -> dict[str, dict[str, object]]:
    """Values that were changed before they were sent, by what was done: how many. And what was chosen that need not be."""
    notices = upload.problems.filter(severity=Severity.NOTICE)
    changed = {f"{each.rule.message} ({each.column})": each.count for each in notices}
    answers = Dialect.from_json(upload.chosen_dialect).answers
    offers = Dialect.from_json(upload.dialect).offers
    chosen = {each.text: each.choices.get(answers.get(each.name, each.default)) for each in offers}
    return {"changed": dict(changed), "chosen": dict(chosen)}


def sections(upload: Upload) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The receipt for a page: titles with labels and values, all of them text."""
    whole = receipt(upload)
    for title, part, words in SECTIONS:
        yield title, [(label, _text(whole[part][name])) for name, label in words.items()]
    span = f"{whole['first']} to {whole['last']}" if whole["first"] else "none"
    facts = [("Upload", whole["upload"]), ("Span of the records (UTC)", span), ("AuroraX", whole["api"])]
    people = [("Person", whole["person"]), ("Last decided by", whole["finished_by"])]
    yield "Upload", [*facts, *people, ("Kind of records", whole["kind"])]


def _text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(map(_counted, value.items())) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _counted(part: tuple[str, object]) -> str:
    name, count = part
    return f"{name} in {count:,}" if isinstance(count, int) else f"{name} {count}"
