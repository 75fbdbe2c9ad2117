"""Uploads that nobody sits in front of: whether one goes on by itself after it was compared, or why it waits for its person."""

from apps.uploads.models import Upload
from apps.uploads.unusual import is_unusual

BY_HAND = "It does not go by itself."


def why_wait(upload: Upload) -> str:
    """Why a person has to decide about a compared upload; empty where whoever wanted it has decided beforehand."""
    if not upload.sends_itself:
        return BY_HAND
    if wrong := upload.with_problems:
        return f"{_count(wrong, 'row')} cannot be sent as {'it is' if wrong == 1 else 'they are'}."
    if is_unusual(upload):
        return "Something about it looks unusual."
    if upload.changed and not upload.may_replace:
        return f"{_count(upload.changed, 'record')} that AuroraX holds would be replaced."
    would_be_sent = upload.new + upload.changed
    if upload.sends_at_most and would_be_sent > upload.sends_at_most:
        return f"It would send {_count(would_be_sent, 'record')}, more than the {upload.sends_at_most:,} that may go by themselves."
    return "" if would_be_sent else "There is nothing to send."


def waits_for_decision(upload: Upload) -> str:
    """What the page of an upload that a feed has brought says of it; empty for all others."""
    if upload.brought_by is None:
        return ""
    reason = why_wait(upload)
    return f"Brought by a feed, and waits for you. {reason}" if reason else ""


def by_hand_from_now_on(upload: Upload) -> dict[str, bool]:
    """What to set where a person changes how it is read: then they are there, and send it themselves."""
    return {"sends_itself": False} if upload.brought_by else {}


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
