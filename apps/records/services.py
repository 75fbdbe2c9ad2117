"""One record at a time: finding it, saving it, reading it back. For all record types."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.causes import NO_CAUSE, Cause
from apps.activity.recording import audited
from apps.aurorax import AuroraX, DataSource
from apps.aurorax.polling import until
from apps.permissions import check
from apps.records import spans
from apps.records.equality import equal
from apps.records.types import RecordRow, RecordType
from apps.validation.row import Record

READ_BACK_SECONDS = 6.0  # how long a person waits at most; AuroraX takes records in a little later


class ChangedMeanwhile(Exception):
    """AuroraX no longer holds what the person was looking at. `current` is what it holds now; None for nothing."""

    def __init__(self, current: Record | None) -> None:
        super().__init__("The record was changed by somebody else.")
        self.current = current


def find(
    *, kind: RecordType, client: AuroraX, source: DataSource, key: str, first: datetime, last: datetime
) -> Record | None:
    """The record with this key, in the API's shape; it lies within `first` to `last`. Raises `errors.AuroraXError`."""
    return _with_key(kind, key, kind.search(client, source, first, last))


def find_anywhere(
    *,
    kind: RecordType,
    client: AuroraX,
    source: DataSource,
    key: str,
    first: datetime | None,
    last: datetime | None,
) -> Record | None:
    """The record with this key, wherever in time it lies; looked for from `first` to `last` before everywhere."""
    if first is not None and last is not None:
        found = find(kind=kind, client=client, source=source, key=key, first=first, last=last)
        if found is not None:
            return found
    now = timezone.now()
    held = kind.search(client, source, first or now, last or now, whole_source=True)
    return _with_key(kind, key, held)


def _with_key(kind: RecordType, key: str, rows: Iterable[RecordRow]) -> Record | None:
    return next((kind.record_of(row) for row in rows if kind.key(row) == key), None)


def is_changed(record: Record, seen: Record | None) -> bool:
    """Whether saving would change anything at all of what the person saw."""
    return seen is None or not all(
        equal(record.get(name) or None, value or None) for name, value in seen.items()
    )


def save(
    *,
    by: User,
    kind: RecordType,
    client: AuroraX,
    source: DataSource,
    record: Record,
    base: Record | None,
    summary: str = "",
    cause: Cause = NO_CAUSE,
) -> bool:
    """Upload one record. `base` is the one it replaces, as the person saw it; None when there was none.

    A snapshot of the old record is kept. Answers whether AuroraX shows the new one already; it has accepted it either
    way. Raises `ChangedMeanwhile` (nothing sent then), `errors.AuroraXError` and `NotAllowed`; where storage is away, what
    that raises, before anything is sent or written down.
    """
    action = kind.actions.update if base else kind.actions.create
    check(by, action, source)
    first, last = span_of(kind, base or record)
    current = find_anywhere(
        kind=kind, client=client, source=source, key=key_of(kind, record), first=first, last=last
    )
    if not _unchanged(kind, base, current):
        raise ChangedMeanwhile(current)
    verb = "Changed" if base else "Added"
    copy = current and snapshots.take(
        by=by, kind=kind.slug, source_identifier=source.identifier, records=[current]
    )
    with audited(
        by=by,
        action=action,
        summary=summary or f"{verb} the {kind.noun} {kind.name_of(kind.row_of(record))}",
        source=source,
        before=current,
        after={name: value for name, value in record.items() if name not in source.key},
        snapshot=copy.pk if copy else None,
        record_kind=kind.slug,
        cause=cause,
    ):
        kind.upload(client, source, json.dumps([record]).encode())
    return _shows(kind, client, source, record)


def remove(
    *,
    by: User,
    kind: RecordType,
    client: AuroraX,
    source: DataSource,
    record: Record,
    summary: str = "",
    cause: Cause = NO_CAUSE,
) -> bool:
    """Delete one record, of which a snapshot is kept, if AuroraX still holds it as `record`.

    An ephemeris record is deleted as the range that is its own minute. Answers whether AuroraX shows it no more; it has
    accepted the deletion either way. Raises what `save` raises.
    """
    check(by, kind.actions.delete, source)
    key, (first, last) = key_of(kind, record), span_of(kind, record)
    current = find_anywhere(kind=kind, client=client, source=source, key=key, first=first, last=last)
    if current is None or not _unchanged(kind, record, current):
        raise ChangedMeanwhile(current)
    copy = snapshots.take(by=by, kind=kind.slug, source_identifier=source.identifier, records=[current])
    with audited(
        by=by,
        action=kind.actions.delete,
        summary=summary or f"Deleted the {kind.noun} {kind.name_of(kind.row_of(record))}",
        source=source,
        before=current,
        snapshot=copy.pk,
        record_kind=kind.slug,
        cause=cause,
    ):
        kind.delete(client, source, [[key]])
    return until(
        lambda: find(kind=kind, client=client, source=source, key=key, first=first, last=last) is None,
        bool,
        seconds=READ_BACK_SECONDS,
    )


def key_of(kind: RecordType, record: Record) -> str:
    """What AuroraX keeps a record by."""
    return kind.key(kind.row_of(record))


def span_of(kind: RecordType, record: Record) -> tuple[datetime, datetime]:
    """First and last moment of a record, aware."""
    return spans.span_of(kind, [kind.row_of(record)])


def _unchanged(kind: RecordType, base: Record | None, current: Record | None) -> bool:
    if base is None or current is None:
        return base is current
    return kind.same(kind.row_of(base), kind.row_of(current))


def _shows(kind: RecordType, client: AuroraX, source: DataSource, record: Record) -> bool:
    """Whether the record can be read back within `READ_BACK_SECONDS`."""
    first, last = span_of(kind, record)
    row = kind.row_of(record)

    def is_there() -> bool:
        held = kind.search(client, source, first, last)
        return any(kind.key(each) == kind.key(row) and kind.same(row, each) for each in held)

    return until(is_there, bool, seconds=READ_BACK_SECONDS)
