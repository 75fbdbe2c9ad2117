"""The ways in which a compared file can be sent, and what each of them does to what AuroraX holds."""

from collections.abc import Mapping
from typing import NamedTuple

from django.urls import reverse

from apps.records.types import RecordType, type_of
from apps.uploads import messages
from apps.uploads.models import Upload
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State

NAMED = 10  # fields that are listed


class ActionButton(NamedTuple):
    """A button, and where it posts to. `notes` stand beside it: what it keeps, and what it takes away."""

    label: str
    url: str
    css: str
    notes: tuple[str, ...] = ()


def verbs(upload: Upload) -> list[ActionButton]:
    """The buttons that send: each says what it will do. Leaving alone what is there, and emptying what the file does not
    give, are buttons of their own.
    """
    if upload.state not in (State.CHECKED, State.DONE):
        return []
    if upload.restores and upload.changed and not why_not_send(upload):
        labels = restore_labels(upload.new, upload.changed)
        return [ActionButton(label, f"{_address(upload)}{query}", css) for label, query, css in labels]
    found = [] if why_not_send(upload) else [_keeping(upload)]
    if upload.new and upload.changed and found:
        only_new = f"Send only the {messages.send_label(upload.new, 0).removeprefix('Send ')}"
        found.append(ActionButton(only_new, f"{_address(upload)}?only=new", ""))
    if not why_not_send(upload, empty_missing=True):
        found.append(_emptying(upload))
    return found


def again(upload: Upload) -> list[ActionButton]:
    """Sending the file of an undone upload once more, as a new upload."""
    if not (upload.file and upload.is_undone):
        return []
    return [ActionButton("Send the file again", reverse("upload-again", args=[upload.pk]), "btn-primary")]


def first_rows_note(upload: Upload) -> str:
    """What the table of the file's first records shows."""
    if upload.lacks:
        return "As the file has them. What it does not have is not sent, or stays as AuroraX holds it."
    return "As they will be sent."


def restore_labels(new: int, changed: int) -> list[tuple[str, str, str]]:
    """The buttons of a restored deletion where somebody has put other records since, with what each adds to the address
    and its look: those are left alone unless somebody chooses otherwise.
    """
    leaving = (f"Restore {messages.records(new)}, leave {changed:,} alone", "?only=new", "btn-primary")
    replacing = (f"Restore {messages.records(new + changed)}, replacing {changed:,}", "", "")
    return [leaving, replacing] if new else [replacing]


def _keeping(upload: Upload) -> ActionButton:
    differences = upload.report.differences
    label, kept = messages.send_label(upload.new, upload.changed), differences.get("kept", {})
    notes: list[str] = []
    if kept:
        label += f", {_fields(len(kept))} {'stays as it is' if len(kept) == 1 else 'stay as they are'}"
        notes.append(f"Not in the file, so AuroraX keeps {listed(type_of(upload.kind), kept, 'in')}.")
    return ActionButton(label, _address(upload), "btn-primary", (*notes, *_takes(upload, differences)))


def _emptying(upload: Upload) -> ActionButton:
    differences = upload.report.differences
    emptying = differences["emptying"]
    them = "them" if differences["kept"] else "what the file does not have"
    label = messages.send_label(upload.new, emptying["changed"]).removeprefix("Send ")
    return ActionButton(
        f"Empty {them}: send {label}", f"{_address(upload)}?missing=empty", "", _takes(upload, emptying)
    )


def _takes(upload: Upload, counted: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    takes = counted.get("takes", {})
    return (f"… and takes {listed(type_of(upload.kind), takes, 'from')}",) if takes else ()


def listed(kind: RecordType, counts: Mapping[str, int], preposition: str) -> str:
    """Fields with their counts: "the place from 1,440 records, quality from 1 record". Most first, and the record's own
    before metadata: PostgreSQL keeps an order of its own.
    """
    own = [*kind.words]
    few = sorted(
        counts.items(),
        key=lambda each: (-each[1], own.index(each[0]) if each[0] in own else len(own), each[0]),
    )[:NAMED]
    parts = [
        f"{kind.called(name)} {preposition} {count:,} record{'' if count == 1 else 's'}"
        for name, count in few
    ]
    rest = len(counts) - len(few)
    return ", ".join([*parts, *([f"and {_fields(rest)} more"] if rest else [])])


def _fields(count: int) -> str:
    return f"{count:,} field{'' if count == 1 else 's'}"


def _address(upload: Upload) -> str:
    return reverse("upload-send", args=[upload.pk])
