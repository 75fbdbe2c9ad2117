"""What is written down about an upload: activity events, and the receipt."""

from apps.accounts.models import User
from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.recording import AuditEntry
from apps.activity.recording import record as record_event
from apps.aurorax import DataSource
from apps.permissions import Action
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.receipts import receipt
from apps.uploads.states import State


def record(upload: Upload) -> None:
    """One event for an upload that has come to its end."""
    kind = type_of(upload.kind)
    verb = "Cancelled the upload of" if upload.state == State.CANCELLED else "Uploaded"
    summary = (
        f"{verb} {upload.to_send:,} {kind.nouns} from “{upload.name}”: AuroraX accepted {upload.sent:,},"
        f" {upload.verified:,} verified"
    )
    if upload.report.left_to_others:
        summary += f", {upload.report.left_to_others:,} left to somebody else"
    complete = upload.is_verified or upload.state == State.CANCELLED
    outcome = Event.Outcome.DONE if complete else Event.Outcome.FAILED
    _record(upload, summary, outcome)


def record_refusal(upload: Upload, message: str) -> None:
    """One event for an upload that AuroraX (or the portal) does not let go on."""
    _record(upload, f"Upload of “{upload.name}” stopped: {message}", Event.Outcome.REFUSED)


def record_decision(upload: Upload, by: User, verb: str) -> None:
    """One event for what somebody decided about the upload of another person. One's own are told by how they end."""
    if by.pk != upload.owner_id:
        _record(upload, f"{verb} the upload of “{upload.name}”", Event.Outcome.DONE, by=by)


def record_undo(upload: Upload) -> None:
    """One event for an upload that has been undone."""
    found = upload.undo
    summary = (
        f"Undid the upload of “{upload.name}”: {found['restored']:,} records have their old values again,"
        f" {found['gone']:,} are gone, {found['left_alone'] + found.get('shared', 0):,} left alone"
    )
    outcome = Event.Outcome.FAILED if found["not_done"] else Event.Outcome.DONE
    event = latest(upload)
    cause = Because(upload.undo_note, event.pk if event else None)
    _record(upload, summary, outcome, action=type_of(upload.kind).actions.delete, cause=cause)


def latest(upload: Upload) -> Event | None:
    """The newest event of what an upload has brought, and not of its undoing."""
    kind = type_of(upload.kind)
    about = Event.objects.filter(about=upload.pk, action=kind.actions.create)
    return about.first()


def _record(
    upload: Upload,
    summary: str,
    outcome: str,
    *,
    action: Action | None = None,
    by: User | None = None,
    cause: Because | None = None,
) -> None:
    source = DataSource(upload.source_identifier, display_name=upload.source_name)
    is_undo = upload.state == State.UNDONE
    entry = AuditEntry(
        summary=f"{summary}{_by_token(upload)}",
        source=source,
        before={"records with a key of the file": upload.changed + upload.identical},
        after=receipt(upload),
        snapshot=(upload.undo_copy or upload.snapshot) if is_undo else upload.snapshot,
        made_by=upload.owner,
        about=upload.pk,
        record_kind=upload.kind,
        cause=cause or Because(upload.note, upload.undoes),
    )
    action = action or type_of(upload.kind).actions.create
    record_event(by=by or upload.actor, action=action, entry=entry, outcome=outcome)


def _by_token(upload: Upload) -> str:
    """By which token, where it was a program that acted for the person."""
    credential = upload.credential
    if credential is None or not credential.is_for_token or credential.user_id != upload.actor.pk:
        return ""
    return f" (with {credential.browser or 'a token'})"
