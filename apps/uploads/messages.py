"""An upload's state in words: exactly what is in AuroraX and what is not."""

from collections.abc import Callable
from datetime import timedelta

from apps.jobs.models import PauseReason
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.self_sending import waits_for_decision
from apps.uploads.states import State
from apps.uploads.unusual import is_unusual

ONE_MOMENT = timedelta(minutes=1)
COLOURS = {
    State.NEEDS_COLUMNS: "yellow",
    State.REJECTED: "red",
    State.CHECKED: "azure",
    State.PAUSED: "yellow",
    State.CANCELLED: "secondary",
    State.UNDONE: "secondary",
}


def title(upload: Upload) -> str:
    """The state; "Verified" only where every single record is."""
    if upload.state == State.DONE:
        if not upload.started_at:
            return "Nothing to send"
        verified = "Verified then, another now" if upload.is_another_now else "Verified"
        return verified if upload.is_verified else "Done, not complete"
    if upload.state == State.PAUSED:
        return f"Paused: {PauseReason(upload.pause_reason).label}"
    if upload.state == State.SENDING and upload.snapshot is None:
        return "Comparing once more"
    if upload.state == State.UNDONE and upload.undo.get("not_done"):
        return "Undone, not complete"
    return State(upload.state).label


def colour(upload: Upload) -> str:
    """Tabler's colour for it."""
    if upload.state == State.DONE and upload.is_verified and upload.is_another_now:
        return "yellow"
    if upload.state == State.DONE:
        return "green" if upload.is_verified else "red"
    return COLOURS.get(State(upload.state), "blue")


def message(upload: Upload) -> str:
    """What there is to know or to do now."""
    if upload.state == State.READING and upload.message:
        return upload.message  # why it waits
    message = MESSAGES.get(State(upload.state), upload.message)
    return message if isinstance(message, str) else message(upload)


def send_label(new: int, changed: int) -> str:
    """What the button will do: "Send 41,220 new and 310 changed records"."""
    parts = [f"{count:,} {word}" for count, word in ((new, "new"), (changed, "changed")) if count]
    return f"Send {' and '.join(parts)} record{'' if new + changed == 1 else 's'}"


def undo_label(upload: Upload) -> str:
    """The link to undoing; empty where there is nothing to undo, or no more to undo it with."""
    if upload.state in (State.DONE, State.CANCELLED) and not upload.let_go_at:
        return "Undo this upload"
    again = not upload.let_go_at and (upload.undo.get("not_done") or upload.undo.get("shared"))
    return "Undo again" if upload.state == State.UNDONE and again else ""


def _checked(upload: Upload) -> str:
    return " ".join(filter(None, (_what_was_found(upload), waits_for_decision(upload))))


def _what_was_found(upload: Upload) -> str:
    if upload.message:
        return upload.message
    if not upload.valid:
        return "No row can be sent as it is. Correct the file and upload it again; nothing was sent."
    parts = _unusual(upload) if is_unusual(upload) else [_order(upload)]
    if upload.identical:
        parts.append(
            f"{records(upload.identical)} AuroraX holds already, with equal values: they are not sent again."
        )
    if upload.restores and upload.changed:
        parts.append(
            f"{records(upload.changed)} somebody has put there since the deletion: they stay as they are unless you"
            " choose to replace them."
        )
    return " ".join([*parts, "Nothing was sent yet."])


def _unusual(upload: Upload) -> list[str]:
    """What is unusual may be right: it is not said to be in order."""
    fine = _order(upload) if upload.with_problems else f"{_all_rows(upload)} can be sent."
    return [fine, "Something looks unusual: see below, before you send."]


def _order(upload: Upload) -> str:
    if not upload.with_problems:
        return f"{_all_rows(upload)} {'is' if upload.rows == 1 else 'are'} in order."
    if upload.with_problems == upload.left_out:
        is_are = "is" if upload.left_out == 1 else "are"
        return f"{_rows(upload.left_out)} {is_are} left out, as you said; all others are in order."
    if upload.only_if_all_valid:
        return (
            f"{_rows(upload.with_problems)} with problems: as you chose, nothing is sent until all are in order."
            " Correct the file and upload it again."
        )
    return (
        f"{_rows(upload.with_problems)} with problems will not be sent. Mend them below, send the valid ones, or cancel and"
        " upload a corrected file."
    )


def _comparing(upload: Upload) -> str:
    return f"{_order(upload)} Comparing with what AuroraX holds for this span. This page updates itself."


def _done(upload: Upload) -> str:
    nouns = type_of(upload.kind).nouns
    if not upload.started_at:
        keeps = (
            " What the file does not have stays as it is."
            if upload.report.differences.get("emptying")
            else ""
        )
        return (
            f"AuroraX holds all {upload.identical:,} {nouns} of this file already, with equal values. Nothing was"
            f" sent.{keeps}{_as_of(upload)}"
        )
    if upload.is_verified:
        again = f" {upload.resent:,} had got lost on the way and were sent again." if upload.resent else ""
        return f"All {upload.verified:,} {nouns} were read back from AuroraX with equal values.{again}{_as_of(upload)}"
    return _not_verified(upload, nouns) + _as_of(upload)


def _not_verified(upload: Upload, nouns: str) -> str:
    parts = [
        f"{upload.verified:,} of {upload.to_send:,} {nouns} were read back from AuroraX with equal values."
    ]
    if upload.refused:
        parts.append(f"AuroraX refused {upload.refused:,}.")
    if upload.report.left_to_others:
        parts.append(
            f"{upload.report.left_to_others:,} have another value than was sent and than was there before: somebody else has"
            " changed them meanwhile, and they were left alone."
        )
    if upload.missing:
        parts.append(
            f"{upload.missing:,} were accepted but are not there: upload the file again, or tell the AuroraX team."
        )
    return " ".join(parts)


def _as_of(upload: Upload) -> str:
    """When it was so. What is sent for long is read back meanwhile: no single moment is true of all of it."""
    since, until = upload.read_back_since, upload.ended_at
    if until is None:
        return ""
    is_span = since and upload.state == State.DONE and until - since > ONE_MOMENT
    begun = f" They were looked at from {since:%Y-%m-%d %H:%M:%S} to" if is_span else " That was so at"
    return f"{begun} {until:%Y-%m-%d %H:%M:%S} UTC."


def _cancelled(upload: Upload) -> str:
    if upload.sent:
        return f"Cancelled. {upload.sent:,} records had been accepted by AuroraX before, and stay there."
    return "Cancelled. Nothing was sent."


def _paused(upload: Upload) -> str:
    again = f" The portal tries again by itself at {upload.retry_at:%H:%M:%S} UTC." if upload.retry_at else ""
    so_far = f"{upload.sent:,} of {upload.to_send:,} records are accepted." if upload.started_at else ""
    return f"{upload.message}{again} {so_far}".strip()


def _sending(upload: Upload) -> str:
    if upload.snapshot is None:
        return "Comparing once more, and keeping a copy of what will be replaced. Then it is sent."
    return "You can close this page: sending goes on, and this page shows where it is."


def _undone(upload: Upload) -> str:
    found = upload.undo
    parts = [f"{records(found['restored'])} have their old values again, {found['gone']:,} are gone."]
    if found["left_alone"]:
        parts.append(
            f"{records(found['left_alone'])} had been changed by somebody since, and were left alone."
        )
    if found.get("deleted_since"):
        parts.append(f"{records(found['deleted_since'])} that it had changed were deleted by somebody since.")
    if found.get("shared"):
        parts.append(
            f"{records(found['shared'])} a later upload stands for, too: they were left alone, as you chose."
        )
    if refused := found.get("refused", 0):
        parts.append(f"AuroraX refused to take {records(refused)} back: they are as they were sent.")
    if found["not_done"] > refused:
        parts.append(
            f"{records(found['not_done'] - refused)} AuroraX still shows as they were sent: undo again, or look later."
        )
    return " ".join(parts) + _as_of(upload)


def records(count: int) -> str:
    """How many, in words."""
    return f"{count:,} record{'' if count == 1 else 's'}"


def _needs_an_answer(upload: Upload) -> str:
    columns = "Some columns are not known. Say what they are before the rows are checked."
    question = (
        "Something about this file can be meant in two ways. Nothing is sent before you have answered below."
    )
    parts = [upload.message or columns] if upload.unknown_headers else []
    return " ".join([*parts, question] if upload.has_open_questions else parts)


def _all_rows(upload: Upload) -> str:
    return "The one row" if upload.rows == 1 else f"All {_rows(upload.rows)}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


MESSAGES: dict[State, str | Callable[[Upload], str]] = {
    State.RECEIVED: "Waiting for a worker to read the file. This page updates itself.",
    State.READING: "Reading and checking every row. This page updates itself.",
    State.NEEDS_COLUMNS: _needs_an_answer,
    State.COMPARING: _comparing,
    State.CHECKED: _checked,
    State.SENDING: _sending,
    State.VERIFYING: "Everything is accepted. Reading it back until every record is there.",
    State.PAUSED: _paused,
    State.CANCELLED: _cancelled,
    State.DONE: _done,
    State.UNDOING: "Putting back what was changed, deleting what was created, and reading back. This page updates itself.",
    State.UNDONE: _undone,
}
