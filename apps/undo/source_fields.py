"""Undoing a change to a data source, field by field: edits, replacements, owners and maintainers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.activity.causes import Cause
from apps.activity.models import Event
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource
from apps.permissions import Action, check
from apps.permissions.addresses import folded
from apps.sources.changes import same, shown
from apps.sources.labels import FIELD_LABELS, in_words
from apps.undo.plans import NoPlan, Standing, UndoOutcome, UndoPart, UndoPlan, left_words

MAINTAINERS, OWNER = "maintainers", "owner"
RIGHTS = {MAINTAINERS: Action.MAINTAINERS_ASSIGN, OWNER: Action.SOURCE_CHANGE_OWNER}
GONE = "AuroraX has no data source {number} any more. Undo its deletion first, then this."
OTHERS_STAY = (
    "Somebody has changed the list of maintainers since: only what this write added or removed is taken back."
)


@dataclass(kw_only=True)
class FieldsPlan(UndoPlan):
    """The fields of a data source that one write changed; those that have changed again since are left alone."""

    source: DataSource

    @classmethod
    def of(cls, event: Event, source: DataSource | None) -> UndoPlan:
        """`source` is the data source as it is now; None where there is none."""
        if source is None:
            return NoPlan(event=event, blocked=GONE.format(number=event.source_identifier))
        plan = cls(event=event, source=source)
        now = source.to_api()
        for name, before, after in changed_fields(event):
            plan.parts.append(_part(name, before, after, now[name]))
            if name == MAINTAINERS and list(now[name]) not in (list(before or ()), list(after or ())):
                plan.notes.append(OTHERS_STAY)
        if not plan.parts:
            plan.blocked = "This write changed no field."
        return plan

    def check(self, by: User) -> None:
        """The right that the fields take."""
        for part in self.parts:
            check(by, RIGHTS.get(part.name, Action.SOURCE_UPDATE), self.source)

    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """Send only what is put back, and read the record again."""
        self.check(by)
        wanted, left = self.wanted(chosen), self.left(chosen)
        fields = {part.name: part.value for part in wanted}
        now = self.source.to_api()
        with audited(
            by=by,
            action=_action(fields),
            summary=summary + left_words(left),
            source=self.source,
            before={name: now[name] for name in fields},
            after=fields,
            cause=cause,
        ) as entry:
            write(client, self.source, fields)
            entry.source = client.sources.get(self.source.identifier)
            kept = entry.source.to_api()
            entry.after = {name: kept[name] for name in fields}
            wrong = [name for name, value in fields.items() if not is_same_field(name, value, kept[name])]
            if wrong:
                entry.outcome = Event.Outcome.FAILED
                entry.summary += f". AuroraX holds something else as {in_words(wrong)}"
        message = f"Put back and read back: {in_words([*fields])}."
        if wrong:
            message = (
                f"Sent, but AuroraX holds something else as {in_words(wrong)}. Look at what it holds now."
            )
        return UndoOutcome(entry.event, message, complete=not wrong)


def changed_fields(event: Event) -> list[tuple[str, Any, Any]]:
    """Name, value before and value after of each field that the event says was changed."""
    before, after = event.before, event.after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (name, before.get(name), after.get(name))
        for name in FIELD_LABELS
        if name != "identifier"
        and (name in before or name in after)
        and not is_same_field(name, before.get(name), after.get(name))
    ]


def is_same_field(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field mean the same. Entries of maintainers are compared as they are written."""
    if name == MAINTAINERS:
        return sorted(one or ()) == sorted(other or ())
    return same(one, other)


def write(client: AuroraX, source: DataSource, fields: dict[str, Any]) -> None:
    """Change these fields and no others. A PATCH takes null for "leave alone": where a field is to be emptied the record as
    it is now is replaced.
    """
    fields = {name: {} if name == "metadata" and value is None else value for name, value in fields.items()}
    if any(value is None for value in fields.values()):
        client.sources.replace(source.identifier, source.to_api() | fields)
    else:
        client.sources.update(source.identifier, fields)


def put_back_entries(before: Sequence[str], after: Sequence[str], now: Sequence[str]) -> list[str]:
    """The list of now without what a write has added, and with what it has removed; everybody else stays."""
    if list(now) == list(after):
        return list(before)
    result = list(now)
    for entry in _without(after, before):
        if entry in result:
            result.remove(entry)
    listed = {folded(entry) for entry in result}
    return [*result, *(entry for entry in _without(before, after) if folded(entry) not in listed)]


def _without(entries: Sequence[str], others: Sequence[str]) -> list[str]:
    """What is left of a list when each of the others is taken off once."""
    left = list(entries)
    for entry in others:
        if entry in left:
            left.remove(entry)
    return left


def _part(name: str, before: Any, after: Any, now: Any) -> UndoPart:
    """How one field stands. Maintainers are a set: what others have added or removed is never in the way."""
    value = before
    if name == MAINTAINERS:
        value = put_back_entries(before or [], after or [], now)
        standing = Standing.SAME if value == list(now) else Standing.OURS
    elif same(now, before):
        standing = Standing.SAME
    else:
        standing = Standing.OURS if same(now, after) else Standing.THEIRS
    return UndoPart(name, FIELD_LABELS[name], shown(now), shown(value), standing, value)


def _action(fields: dict[str, Any]) -> Action:
    return RIGHTS.get(next(iter(fields)), Action.SOURCE_UPDATE) if len(fields) == 1 else Action.SOURCE_UPDATE
