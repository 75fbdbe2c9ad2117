"""Whether what a file holds can be sent now, and how many records that would be."""

from apps.uploads.models import Upload
from apps.uploads.states import State

NOTHING_TO_SEND = "AuroraX holds all of these records already. There is nothing to send."


def why_not_send(upload: Upload, *, only_new: bool = False, empty_missing: bool = False) -> str:
    """Why nothing can be sent now; empty where it can."""
    if upload.state == State.DONE and upload.started_at:
        return "This file has been sent already. Upload it once more to compare it anew."
    if not upload.valid:
        return "No row of this file can be sent. Correct the file and upload it again."
    if upload.only_if_all_valid and upload.with_problems > upload.left_out:
        return "Some rows have problems, and you chose to send nothing then. Correct the file and upload it again."
    if upload.compared_at is None:
        return "The file has not been compared with AuroraX yet."
    return "" if _to_send(upload, only_new, empty_missing) else NOTHING_TO_SEND


def _to_send(upload: Upload, only_new: bool, empty_missing: bool) -> int:
    """How many records would be sent."""
    if only_new:
        return upload.new
    if empty_missing:
        emptying = upload.report.differences.get("emptying")
        return upload.new + emptying["changed"] if emptying else 0
    return upload.new + upload.changed
