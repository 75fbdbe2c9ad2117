"""Deleting records range by range, each looked at right before: only what is exactly as it was copied goes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings

from apps.aurorax import AuroraX, DataSource
from apps.deletions.survey import record_digest
from apps.records.spans import span_of
from apps.records.types import RecordRow, RecordType

RUNS = 20  # deleted after one look; each is a request of its own for ephemeris


@dataclass
class DeletedRange:
    """What AuroraX holds of a few copied records, right now, and how many of them it has accepted to delete."""

    deleted: int = 0
    runs: list[list[RecordRow]] = field(default_factory=list)  # as copied, with nothing between them
    theirs: dict[str, bool] = field(
        default_factory=dict
    )  # keys that have been changed (True) or added since the copy


def delete_as_copied(
    kind: RecordType,
    client: AuroraX,
    source: DataSource,
    copied: Iterable[RecordRow],
    ensure: Callable[[], None],
) -> Iterator[DeletedRange]:
    """Delete what is still as it was copied; answers after each look what became of it.

    Before each request `ensure` makes sure that this may go on, and raises where not.
    """
    rest = iter(copied)
    while rows := list(islice(rest, settings.UPLOAD_CHUNK_RECORDS)):
        while rows:
            found = _look(kind, client, source, rows)
            for run in found.runs[:RUNS]:
                ensure()
                kind.delete(client, source, [[kind.key(row) for row in run]])
                found.deleted += len(run)
            yield found
            # What is changed before the next look is found by that.
            rows = [row for run in found.runs[RUNS:] for row in run]


def _look(kind: RecordType, client: AuroraX, source: DataSource, rows: Sequence[RecordRow]) -> DeletedRange:
    """Which runs may go now, and what is somebody else's."""
    prints = {kind.key(row): record_digest(kind, row) for row in rows}
    found, run = DeletedRange(), list[RecordRow]()
    for row in kind.search(client, source, *span_of(kind, rows)):
        key = kind.key(row)
        if kind.deletes_by_key and key not in prints:  # nothing happens to it
            continue
        if prints.get(key) == record_digest(kind, row):
            run.append(row)
            continue
        found.theirs[key] = key in prints
        found.runs, run = [*found.runs, run] if run else found.runs, []
    if run:
        found.runs.append(run)
    return found
