"""Where an upload stands, in one word for programs: what it waits for, or how it ended."""

from enum import StrEnum

from apps.jobs.models import PauseReason
from apps.uploads.models import Upload
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State


class OutcomeWord(StrEnum):
    """The first three change by themselves; the others wait for somebody or are final."""

    WORKING = "working"  # a worker is, or will be, at it
    WAITING = "waiting"  # for AuroraX or for storage; it goes on by itself
    READING = "reading"
    QUESTION = "question"  # about its columns or the like: to be answered on its page
    READY = "ready"  # checked and compared: it can be sent
    BLOCKED = "blocked"  # checked, and nothing of it can be sent
    KEY_NEEDED = "key-needed"
    PAUSED = "paused"
    REFUSED = "refused"  # by AuroraX
    FAULT = "fault"  # of the portal
    UNREADABLE = "unreadable"
    CANCELLED = "cancelled"
    NOTHING_TO_SEND = "nothing-to-send"
    VERIFIED = "verified"
    INCOMPLETE = "incomplete"  # sent, and not all of it read back with equal values
    UNDONE = "undone"
    UNDO_INCOMPLETE = "undo-incomplete"


LEFT = ("not_done", "left_alone", "shared")  # of `Upload.undo`: records that are not as they were before
OF_STATE = {
    State.RECEIVED: OutcomeWord.READING,
    State.READING: OutcomeWord.READING,
    State.NEEDS_COLUMNS: OutcomeWord.QUESTION,
    State.REJECTED: OutcomeWord.UNREADABLE,
    State.CANCELLED: OutcomeWord.CANCELLED,
}
OF_PAUSE = {
    PauseReason.UNAVAILABLE: OutcomeWord.WAITING,
    PauseReason.STORAGE: OutcomeWord.WAITING,
    PauseReason.SIGN_IN: OutcomeWord.KEY_NEEDED,
    PauseReason.REFUSED: OutcomeWord.REFUSED,
    PauseReason.FAULT: OutcomeWord.FAULT,
}


def outcome_of(upload: Upload) -> OutcomeWord:
    """Where it stands. "verified" only where every single record is."""
    state = State(upload.state)
    if state == State.PAUSED:
        return OF_PAUSE.get(PauseReason(upload.pause_reason), OutcomeWord.PAUSED)
    if state == State.CHECKED:
        return OutcomeWord.BLOCKED if why_not_send(upload) else OutcomeWord.READY
    if state == State.DONE:
        return _end(upload)
    if state == State.UNDONE:
        is_left = any(upload.undo.get(part) for part in LEFT)
        return OutcomeWord.UNDO_INCOMPLETE if is_left else OutcomeWord.UNDONE
    return OF_STATE.get(state, OutcomeWord.WORKING)


def _end(upload: Upload) -> OutcomeWord:
    if not upload.started_at:
        return OutcomeWord.NOTHING_TO_SEND
    return OutcomeWord.VERIFIED if upload.is_verified else OutcomeWord.INCOMPLETE
