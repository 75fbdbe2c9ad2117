"""Deleting records range by range, each looked at right before: only what is exactly as it was copied goes."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from apps.deletions.copy import CopiedPart
from apps.records.looks import HeldRecords, RecordAccess, in_requests, look_at, looks_at
from apps.records.types import RecordRow, RecordType

Run = list[RecordRow]  # records with nothing between them
_encoded = msgspec.json.Encoder(order="deterministic").encode


@dataclass
class DeletedRange:
    """What has become of copied records since the last one: so many are deleted, or were gone already."""

    deleted: int = 0
    theirs: dict[str, bool] = field(
        default_factory=dict
    )  # keys that have been changed (True) or added since the copy


@dataclass
class Comparison:
    """Copied records beside what AuroraX holds where they are."""

    gone: int
    theirs: dict[str, bool] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)  # exactly as they were copied


def delete_as_copied(
    access: RecordAccess, parts: Iterable[CopiedPart], ensure: Callable[[], object]
) -> Iterator[DeletedRange]:
    """Delete what is still as it was copied, and say along the way what becomes of it.

    Before each request, and while AuroraX is waited for, `ensure` makes sure that this may go on, and raises where not.
    """
    for look in looks_at(access, parts, waiting=ensure):
        yield from _delete(access, look, ensure)


def _delete(
    access: RecordAccess, look: HeldRecords[CopiedPart], ensure: Callable[[], object]
) -> Iterator[DeletedRange]:
    """One part, looked at as often as is needed."""
    rows, known = access.kind.rows_of(look.item.body), set[str]()
    look = look if look.is_fresh else look_at(access, look.item)
    while rows:
        found = compared(access.kind, rows, look.read())
        theirs = {key: changed for key, changed in found.theirs.items() if key not in known}
        known |= theirs.keys()
        yield DeletedRange(found.gone, theirs)
        rows = yield from _delete_runs(access, look, found.runs, ensure)
        if rows:  # what is changed before the next look is found by that
            look = look_at(access, CopiedPart.of(access.kind, rows))


def _delete_runs(
    access: RecordAccess, look: HeldRecords[CopiedPart], runs: Sequence[Run], ensure: Callable[[], object]
) -> Generator[DeletedRange, None, list[RecordRow]]:
    """Ask AuroraX, at least once and as long as the look is fresh; answers what is left over then."""
    kind = access.kind
    requests = list(in_requests(kind, runs))
    for place, run in enumerate(requests):
        if place and not look.is_fresh:
            return [row for rest in requests[place:] for row in rest]
        ensure()
        kind.delete(access.client, access.source, [[kind.key(row) for row in run]])
        yield DeletedRange(len(run))
    return []


def compared(kind: RecordType, rows: Sequence[RecordRow], held: Iterable[RecordRow]) -> Comparison:
    """What may go, and what is somebody else's. `held` comes in AuroraX's order."""
    copied = {kind.key(row): row for row in rows}
    found, run, seen = Comparison(gone=0), Run(), 0
    for row in held:
        key = kind.key(row)
        was = copied.get(key)
        if was is None and kind.deletes_by_key:  # nothing happens to it
            continue
        seen += was is not None
        if was is not None and is_exactly(kind, was, row):
            run.append(row)
            continue
        found.theirs[key] = was is not None
        found.runs, run = [*found.runs, run] if run else found.runs, Run()
    if run:
        found.runs.append(run)
    found.gone = len(copied) - seen
    return found


def is_exactly(kind: RecordType, copied: RecordRow, held: RecordRow) -> bool:
    """Whether the two are the same to the last digit; nearly always the rows are."""
    if copied == held and _encoded(copied.metadata) == _encoded(held.metadata):  # True == 1 in Python
        return True
    return _encoded(kind.record_of(copied)) == _encoded(kind.record_of(held))
