"""What undoing an upload would do now: said before it is done, and a copy of what others would lose."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.models import Snapshot
from apps.aurorax import AuroraX, DataSource, errors
from apps.jobs.leases import Lease, LeaseLost, Stopped
from apps.records.looks import HeldRecords, looks_at
from apps.records.types import RecordRow, type_of
from apps.uploads.models import Upload
from apps.uploads.steps import replaced_records
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.replaced_records import ReplacedRecords
from apps.uploads.steps.sent_records import SentPart, sent_parts
from apps.uploads.steps.undo import sort_out

MOST = 20_000  # records that are looked at while somebody waits for the page
NAMED = 20  # keys that the page lists


@dataclass
class UndoPreview:
    """Records of an upload as AuroraX holds them now, by what undoing would do to them."""

    put_back: int = 0
    removed: int = 0
    as_before: int = 0  # already
    deleted_since: int = 0
    shared: int = 0  # that later uploads stand for
    theirs: list[RecordRow] = field(default_factory=list)  # as somebody has changed them since
    keys: list[str] = field(default_factory=list)  # of these

    @property
    def named(self) -> list[str]:
        """The first of the keys."""
        return self.keys[:NAMED]

    @property
    def more(self) -> int:
        """How many keys are not listed."""
        return len(self.keys) - len(self.named)


def preview(upload: Upload, client: AuroraX) -> UndoPreview | None:
    """None for an upload that is too large to look at while somebody waits, or while AuroraX does not answer: undoing itself
    looks at each part right before in any case.
    """
    if upload.sent > MOST:
        return None
    try:
        return look(upload, client, client.sources.get(upload.source_identifier))
    except errors.NotSignedIn:
        raise
    except (errors.AuroraXError, LeaseLost, Stopped):
        return None


def look(upload: Upload, client: AuroraX, source: DataSource) -> UndoPreview:
    """Whatever its size. Raises `errors.AuroraXError`."""
    context = StepContext(upload, Lease(upload), type_of(upload.kind), client, source)
    found = UndoPreview()
    with replaced_records.open_replaced(upload, context.kind) as old:
        for each in looks_at(context, sent_parts(context), waiting=lambda: None):
            _add(found, context, each, old)
    return found


def copy_of_theirs(*, by: User, upload: Upload, client: AuroraX, source: DataSource) -> Snapshot | None:
    """Keep what somebody has changed since, as it is now: undoing takes back exactly that. None where there is none."""
    theirs = look(upload, client, source).theirs
    if not theirs:
        return None
    kind = type_of(upload.kind)
    records: Iterator[dict[str, object]] = (kind.record_of(row) for row in theirs)
    return snapshots.take(
        by=by, kind=upload.kind, source_identifier=upload.source_identifier, records=records
    )


def _add(found: UndoPreview, context: StepContext, look: HeldRecords[SentPart], old: ReplacedRecords) -> None:
    held = [*look.read()]
    sorted_out = sort_out(context, HeldRecords(look.item, look.asked, lambda: iter(held)), old, {})
    gone = sum(old.get(key) is None for key in sorted_out.as_sent)
    found.removed += gone
    found.put_back += len(sorted_out.as_sent) - gone
    found.as_before += sorted_out.restored
    found.deleted_since += len(sorted_out.deleted_since)
    found.shared += len(sorted_out.shared)
    left = set(sorted_out.left_alone)
    found.theirs += [row for row in held if context.kind.key(row) in left]
    found.keys += sorted_out.left_alone
