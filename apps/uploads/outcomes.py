"""What is written down about an upload: activity events, and the receipt."""

from typing import Any

from apps.activity.models import Event
from apps.activity.recording import Entry
from apps.activity.recording import record as record_event
from apps.aurorax import DataSource
from apps.aurorax.times import write
from apps.uploads.kinds import kind_of
from apps.uploads.models import Upload
from apps.uploads.states import State


def record(upload: Upload) -> None:
    """One event for an upload that has come to its end."""
    kind = kind_of(upload.kind)
    verb = "Cancelled the upload of" if upload.state == State.CANCELLED else "Uploaded"
    summary = (
        f"{verb} {upload.valid:,} {kind.nouns} from “{upload.name}”: AuroraX accepted {upload.sent:,},"
        f" {upload.verified:,} verified"
    )
    complete = upload.is_verified or upload.state == State.CANCELLED
    outcome = Event.Outcome.DONE if complete else Event.Outcome.FAILED
    _record(upload, summary, outcome)


def record_refusal(upload: Upload, sentence: str) -> None:
    """One event for an upload that AuroraX (or the portal) does not let go on."""
    _record(upload, f"Upload of “{upload.name}” stopped: {sentence}", Event.Outcome.REFUSED)


def _record(upload: Upload, summary: str, outcome: str) -> None:
    source = DataSource(upload.source_identifier, display_name=upload.source_name)
    entry = Entry(
        summary=summary,
        source=source,
        before={"records with a key of the file": upload.changed + upload.identical},
        after=receipt(upload),
        snapshot=upload.snapshot,
    )
    record_event(by=upload.owner, action=kind_of(upload.kind).create, entry=entry, outcome=outcome)


def receipt(upload: Upload) -> dict[str, Any]:
    """What was sent, what became of it, and how to recognise the file. Times are UTC, the size is in bytes."""
    return {
        "upload": str(upload.pk),
        "state": upload.state,
        "verified": upload.is_verified,
        "kind": upload.kind,
        "data_source": {
            "identifier": upload.source_identifier,
            "program": upload.program,
            "platform": upload.platform,
            "instrument_type": upload.instrument_type,
        },
        "file": {"name": upload.name, "size": upload.size, "sha256": upload.sha256, "format": upload.format},
        "columns": upload.mapping,
        "rows": {"read": upload.rows, "valid": upload.valid, "with_problems": upload.with_problems},
        "records": {
            "new": upload.new,
            "changed": upload.changed,
            "identical": upload.identical,
            "accepted": upload.sent,
            "refused": upload.refused,
            "sent_again": upload.resent,
            "verified": upload.verified,
            "not_found": upload.missing,
        },
        "first": write(upload.first) if upload.first else None,
        "last": write(upload.last) if upload.last else None,
        "api": upload.api_url,
        "person": upload.owner.email,
        "snapshot_of_what_was_there": str(upload.snapshot) if upload.snapshot else None,
        "times": {
            "received": write(upload.created_at),
            "started": write(upload.started_at) if upload.started_at else None,
            "accepted": write(upload.sent_at) if upload.sent_at else None,
            "ended": write(upload.ended_at) if upload.ended_at else None,
        },
    }
