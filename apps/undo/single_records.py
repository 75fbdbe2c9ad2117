"""Undoing that a single record was added, changed or deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.causes import Cause
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataSource
from apps.permissions import check
from apps.records import services
from apps.records.types import RecordType, type_of
from apps.sources.changes import shown
from apps.undo.plans import NoPlan, Standing, UndoOutcome, UndoPart, UndoPlan
from apps.undo.source_fields import GONE
from apps.validation.row import Record

NOT_YET = "AuroraX has accepted it and does not show it yet: look again in a minute."


@dataclass(kw_only=True)
class RecordPlan(UndoPlan):
    """One record: as it was before, or gone where there was none."""

    source: DataSource
    current: Record | None = None
    before: Record | None = None

    @classmethod
    def of(cls, event: Event, client: AuroraX, source: DataSource | None) -> UndoPlan:
        """Looks for the record in AuroraX. Raises `errors.AuroraXError`."""
        if source is None:
            return NoPlan(event=event, blocked=GONE.format(number=event.source_identifier))
        kind, before, after = type_of(event.record_kind), _before(event), event.after
        one: Record = before or after or {}
        first, last = services.span_of(kind, one)
        key = services.key_of(kind, one)
        now = services.find_anywhere(kind=kind, client=client, source=source, key=key, first=first, last=last)
        standing = _standing(kind, now, before, after)
        name = kind.name_of(kind.row_of(one))
        part = UndoPart("record", f"{kind.noun} {name}", shown(now), shown(before), standing)
        return cls(event=event, parts=[part], source=source, current=now, before=before)

    def check(self, by: User) -> None:
        """What putting back, adding or deleting one takes."""
        actions = type_of(self.event.record_kind).actions
        if self.before is None:
            check(by, actions.delete, self.source)
        else:
            check(by, actions.update if self.current else actions.create, self.source)

    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """By the same services as an edit. Raises `services.ChangedMeanwhile` where somebody was quicker."""
        self.check(by)
        kind = type_of(self.event.record_kind)
        access: dict[str, Any] = {
            "by": by,
            "kind": kind,
            "client": client,
            "source": self.source,
            "cause": cause,
        }
        if self.before is None:
            seen = self.current is None or services.remove(**access, record=self.current, summary=summary)
        else:
            record = self.before | self.source.key
            seen = services.save(**access, record=record, base=self.current, summary=summary)
        what = "Gone" if self.before is None else "Put back"
        message = f"{what}, and read back from AuroraX." if seen else NOT_YET
        return UndoOutcome(_event_of(cause), message, complete=seen)


def _before(event: Event) -> Record | None:
    """The kept copy, which has every digit; where it is let go, what the event says."""
    if event.before is None:
        return None
    kept = Snapshot.objects.filter(pk__in=[event.snapshot] if event.snapshot else []).exclude(file="").first()
    found = next(snapshots.records_of(kept), None) if kept else None
    return found if found is not None else event.before


def _standing(kind: RecordType, now: Record | None, before: Record | None, after: Record | None) -> Standing:
    if _is_same(kind, now, before):
        return Standing.SAME
    return Standing.OURS if _is_same(kind, now, after) else Standing.THEIRS


def _is_same(kind: RecordType, one: Record | None, other: Record | None) -> bool:
    if one is None or other is None:
        return one is other
    return kind.same(kind.row_of(one), kind.row_of(other))


def _event_of(cause: Cause) -> Event | None:
    """The newest event that takes this one back."""
    return Event.objects.filter(undoes=cause.undoes).first()
