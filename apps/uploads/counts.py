"""The counts of an upload that matter now, each with its label."""

from apps.uploads.models import Upload
from apps.uploads.states import State


def counts(upload: Upload) -> list[tuple[str, int]]:
    """The counts that matter now."""
    if upload.state in (State.RECEIVED, State.NEEDS_COLUMNS, State.REJECTED):
        return []
    found = [("Rows", upload.rows), ("Valid", upload.valid), ("With problems", upload.with_problems)]
    if upload.compared_at:
        found += [("New", upload.new), ("Changed", upload.changed), ("Identical", upload.identical)]
    if upload.state == State.UNDONE:
        return found + _counts_undone(upload)
    if upload.started_at:
        found += [("Accepted", upload.sent), ("Read back", upload.verified)]
    parts = [
        ("Left out", upload.left_out),
        ("Refused", upload.refused),
        ("Sent again", upload.resent),
        ("Left to others", upload.report.left_to_others),
        ("Not found", upload.missing),
    ]
    return found + [(label, count) for label, count in parts if count]


def _counts_undone(upload: Upload) -> list[tuple[str, int]]:
    """What is true of its records now, and not what was before."""
    undo = upload.undo
    left = undo.get("left_alone", 0) + undo.get("shared", 0) + undo.get("deleted_since", 0)
    parts = [
        ("Old values again", undo.get("restored", 0)),
        ("Gone", undo.get("gone", 0)),
        ("Left to others", left),
        ("Still as sent", undo.get("not_done", 0)),
    ]
    return [(label, count) for label, count in parts if count]
