"""Creating, updating, replacing and deleting data sources in AuroraX.

Every function asks permission again with the data source in hand and leaves one event, however it ends. All of them
raise `apps.permissions.NotAllowed` and `apps.aurorax.errors.AuroraXError`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from apps.accounts.models import User
from apps.activity.causes import NO_CAUSE, Cause
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource
from apps.permissions import Action, check
from apps.sources.changes import FieldConflict, Fields, editable, merge, same
from apps.sources.labels import in_words

# API document: "owner" of a data source; only an Administrator may hand it over (design: access matrix).
OWNER = "owner"


class SourceChangedMeanwhile(Exception):
    """Somebody else changed the data source since the form was opened. Nothing was sent."""

    def __init__(self, current: DataSource, conflicts: Collection[FieldConflict] = ()) -> None:
        super().__init__(f"Data source {current.identifier} was changed by somebody else.")
        self.current = current
        self.conflicts = list(conflicts)


@dataclass(frozen=True)
class Update:
    """What came of a partial update: the record read again, the fields that were sent, and those that AuroraX holds
    differently all the same, because it keeps them in another form or because somebody was quicker.
    """

    source: DataSource
    sent: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()


def create(*, by: User, client: AuroraX, fields: Fields, cause: Cause = NO_CAUSE) -> DataSource:
    """Create a data source (API: POST /data_sources) and return the full record with its identifier.

    Fields that are None or absent are AuroraX's to fill: an identifier is assigned, the caller becomes the owner.
    """
    check(by, Action.SOURCE_CREATE)
    if fields.get(OWNER):
        check(by, Action.SOURCE_CHANGE_OWNER)
    given = {name: value for name, value in fields.items() if value is not None}
    summary = f"Created the data source {given['display_name']}"
    with audited(by=by, action=Action.SOURCE_CREATE, summary=summary, after=given, cause=cause) as entry:
        entry.source = source = client.sources.create(given)
        entry.after = source.to_api()
    return source


def update(
    *,
    by: User,
    client: AuroraX,
    source: DataSource,
    base: Fields,
    mine: Fields,
    leave: Collection[str] = (),
    cause: Cause = NO_CAUSE,
) -> Update:
    """Send only what the person changed (API: PATCH), and read the record again.

    `base` is the version their form was made from, `mine` what came back, `leave` the names of fields, or of entries of
    them, where they have decided for the other person's value. `source` is the data source as this very request has read it: a field that
    somebody else has changed by then as well raises `SourceChangedMeanwhile`. AuroraX takes null for "leave alone", so a
    value of None is refused
    with ValueError.
    """
    check(by, Action.SOURCE_UPDATE, source)
    merged = merge(base=base, mine=mine, theirs=editable(source), leave=leave)
    if merged.conflicts:
        raise SourceChangedMeanwhile(source, merged.conflicts)
    if not merged.changes:
        return Update(source)
    if OWNER in merged.changes:
        check(by, Action.SOURCE_CHANGE_OWNER, source)
    updated = _send(by, client, source, merged.changes, cause)
    kept = editable(updated)
    not_kept = [name for name, value in merged.changes.items() if not same(value, kept[name])]
    return Update(updated, tuple(merged.changes), tuple(not_kept))


def replace(
    *,
    by: User,
    client: AuroraX,
    source: DataSource,
    fields: Fields,
    seen: Fields,
    cause: Cause = NO_CAUSE,
) -> DataSource:
    """Replace the whole record (API: PUT) and return it read again. What `fields` leaves out is lost.

    `source` is the data source as this very request has read it, `seen` the record whose difference to `fields` the person
    has looked at; when these differ, `SourceChangedMeanwhile` is raised and nothing sent.
    """
    check(by, Action.SOURCE_UPDATE, source)
    before = source.to_api()
    if not same(before, seen):
        raise SourceChangedMeanwhile(source)
    if not same(before[OWNER], fields.get(OWNER)):
        check(by, Action.SOURCE_CHANGE_OWNER, source)
    with audited(
        by=by,
        action=Action.SOURCE_UPDATE,
        summary="Replaced the whole record",
        source=source,
        before=before,
        after=before | fields,
        cause=cause,
    ) as entry:
        entry.source = replaced = client.sources.replace(
            source.identifier, fields | {"identifier": source.identifier}
        )
        entry.after = replaced.to_api()
    return replaced


def delete(*, by: User, client: AuroraX, source: DataSource, cause: Cause = NO_CAUSE) -> None:
    """Delete a data source (API: DELETE). AuroraX answers `errors.Conflict` while it holds any record."""
    check(by, Action.SOURCE_DELETE, source)
    summary = f"Deleted the data source {source.display_name}"
    before = source.to_api()
    with audited(
        by=by, action=Action.SOURCE_DELETE, summary=summary, source=source, before=before, cause=cause
    ):
        client.sources.delete(source.identifier)


def _send(by: User, client: AuroraX, current: DataSource, changes: Fields, cause: Cause) -> DataSource:
    names = list(changes)
    before = {name: value for name, value in editable(current).items() if name in changes}
    with audited(
        by=by,
        action=Action.SOURCE_CHANGE_OWNER if names == [OWNER] else Action.SOURCE_UPDATE,
        summary=f"Changed {in_words(names)}",
        source=current,
        before=before,
        after=changes,
        cause=cause,
    ) as entry:
        updated = client.sources.update(current.identifier, changes)
        entry.source = updated
        entry.after = {name: value for name, value in editable(updated).items() if name in changes}
    return updated
