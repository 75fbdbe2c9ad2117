"""Undoing that a data source was created or deleted."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import User
from apps.activity.causes import Cause
from apps.activity.models import Event
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource, DataSourceStats
from apps.permissions import Action, check
from apps.permissions.addresses import is_same
from apps.sources.changes import shown
from apps.sources.holdings import holdings_of
from apps.sources.labels import FIELD_LABELS, in_words
from apps.ui.links import Link
from apps.undo.deleted_records import DeletedRecords
from apps.undo.plans import NoPlan, Standing, UndoOutcome, UndoPart, UndoPlan
from apps.undo.source_fields import is_same_field, write

STILL_HOLDS = (
    "It holds data by now, and AuroraX deletes a data source only when it is empty. Delete its records first."
)


@dataclass(kw_only=True)
class CreationPlan(UndoPlan):
    """A data source that was created goes again, where it is empty; what others have changed on it since is said."""

    source: DataSource

    @classmethod
    def of(cls, event: Event, source: DataSource | None) -> UndoPlan:
        """`source` is the data source as it is now, with its stats."""
        made = event.after or {}
        if source is None:
            return NoPlan(event=event, parts=[_source_part(Standing.SAME, then="")])
        plan, now = cls(event=event, source=source), source.to_api()
        changed = [
            name
            for name in FIELD_LABELS
            if name in now and not is_same_field(name, now[name], made.get(name))
        ]
        standing = Standing.THEIRS if changed else Standing.OURS
        plan.parts.append(_source_part(standing, now=source.display_name, then=""))
        if changed:
            plan.notes.append(f"Changed since it was created: {in_words(changed)}.")
        holdings = [held for held in holdings_of(source, source.stats or DataSourceStats()) if held.count]
        if holdings:
            plan.blocked = STILL_HOLDS
            plan.links = [Link(f"{held.count:,} {held.kind.nouns}", held.delete_url) for held in holdings]
        return plan

    def check(self, by: User) -> None:
        """As for every deletion."""
        check(by, Action.SOURCE_DELETE, self.source)

    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """Delete it, and look whether it is gone."""
        self.check(by)
        with audited(
            by=by,
            action=Action.SOURCE_DELETE,
            summary=summary,
            source=self.source,
            before=self.source.to_api(),
            cause=cause,
        ) as entry:
            client.sources.delete(self.source.identifier)
            gone = client.sources.find(self.source.identifier) is None
            if not gone:
                entry.outcome = Event.Outcome.FAILED
                entry.summary += ". AuroraX still shows it"
        message = "The data source is deleted again, and AuroraX does not have it any more."
        return UndoOutcome(entry.event, message if gone else "AuroraX still shows it.", complete=gone)


@dataclass(kw_only=True)
class DeletionPlan(UndoPlan):
    """A data source that was deleted comes back as it was, and with it what was deleted of its records here."""

    was: dict[str, Any]  # every field
    taken_by: DataSource | None = None
    records: dict[str, DeletedRecords] = field(default_factory=dict)  # by the name of the part

    @classmethod
    def of(cls, event: Event, held: DataSource | None, alike: DataSource | None) -> UndoPlan:
        """`held` has its identifier now, `alike` its program, platform and instrument type; None where nobody has."""
        fields: dict[str, Any] = event.before or {}
        was = DataSource.from_api(fields)
        if alike is not None and alike.to_api() == was.to_api():
            there = _source_part(Standing.SAME, now=alike.display_name, then=was.display_name)
            return NoPlan(event=event, parts=[there])
        part = _source_part(Standing.OURS, now="", then=was.display_name)
        plan = cls(event=event, parts=[part], was=fields, taken_by=held)
        plan.notes.append(f"With {_what_it_has(fields)}.")
        if alike is not None:
            plan.blocked = (
                f"AuroraX has a data source with this program, platform and instrument type by now:"
                f" {alike.identifier}, {alike.display_name}. Two of these cannot be."
            )
        elif held is not None:
            plan.notes.append(
                f"The identifier {was.identifier} belongs to {held.display_name} by now: it comes back under a new"
                " identifier, which AuroraX gives."
            )
        plan.records = {f"records {each.deletion.pk}": each for each in DeletedRecords.of(event)}
        plan.extras = [each.part(name) for name, each in plan.records.items()]
        return plan

    def check(self, by: User) -> None:
        """As for every creation; one of somebody else also takes the right to hand it over."""
        check(by, Action.SOURCE_CREATE)
        owner = self.was.get("owner")
        if not is_same(owner, by.email):
            check(by, Action.SOURCE_CHANGE_OWNER)

    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """Create it with all its fields, read it back; then upload what was deleted of its records."""
        self.check(by)
        fields = dict(self.was)
        if self.taken_by is not None:
            fields.pop("identifier")
        with audited(by=by, action=Action.SOURCE_CREATE, summary=summary, after=fields, cause=cause) as entry:
            source = _created(client, fields)
            entry.source, entry.after = source, source.to_api()
            wrong = [
                name
                for name, value in fields.items()
                if not is_same_field(name, entry.after.get(name), value)
            ]
            if wrong:
                entry.outcome = Event.Outcome.FAILED
                entry.summary += f". AuroraX holds something else as {in_words(wrong)}"
        message = f"{source.display_name} is back as data source {source.identifier}, and was read back."
        if wrong:
            message = f"{source.display_name} is back, but AuroraX holds something else as {in_words(wrong)}."
        uploads = [
            each.restore(by=by, source=source, cause=cause)
            for name, each in self.records.items()
            if name in chosen
        ]
        if uploads:
            message += " Its records are on their way: each upload says how far it is."
        return UndoOutcome(entry.event, message, complete=not wrong, links=uploads)


def _created(client: AuroraX, fields: dict[str, Any]) -> DataSource:
    """AuroraX makes whoever creates a data source its owner where none is named: one that had none loses it again."""
    given = {name: value for name, value in fields.items() if value is not None}
    source = client.sources.create(given)
    if fields.get("owner") is None:
        write(client, source, {"owner": None})
    return client.sources.get(source.identifier)


def _source_part(standing: Standing, *, now: str = "", then: str) -> UndoPart:
    return UndoPart("source", "Data source", now, then, standing)


def _what_it_has(fields: dict[str, Any]) -> str:
    """What comes back besides its names, in words."""
    maintainers = len(fields.get("maintainers") or ())
    schemas = sum(len(rows or ()) for name, rows in fields.items() if name.endswith("_metadata_schema"))
    owner = fields.get("owner") or "no owner"
    return (
        f"its owner ({shown(owner)}), {maintainers} maintainer{'' if maintainers == 1 else 's'} and {schemas} field"
        f"{'' if schemas == 1 else 's'} of metadata schemas"
    )
