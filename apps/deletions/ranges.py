"""Deleting records range by range, each looked at right before: only what is exactly as it was copied goes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings

from apps.aurorax import AuroraX, DataSource
from apps.deletions.survey import record_digest
from apps.deletions.targets import DeletionTarget, Record

RUNS = 20  # deleted after one look; each is a request of its own for ephemeris


@dataclass
class DeletedRange:
    """What AuroraX holds of a few copied records, right now, and how many of them it has accepted to delete."""

    deleted: int = 0
    runs: list[list[Record]] = field(default_factory=list)  # as copied, with nothing between them
    theirs: dict[str, bool] = field(
        default_factory=dict
    )  # keys that have been changed (True) or added since the copy


def delete_as_copied(
    kind: DeletionTarget,
    client: AuroraX,
    source: DataSource,
    copied: Iterable[Record],
    ensure: Callable[[], None],
) -> Iterator[DeletedRange]:
    """Delete what is still as it was copied; answers after each look what became of it.

    Before each request `ensure` makes sure that this may go on, and raises where not.
    """
    rest = iter(copied)
    while records := list(islice(rest, settings.UPLOAD_CHUNK_RECORDS)):
        while records:
            found = _look(kind, client, source, records)
            for run in found.runs[:RUNS]:
                ensure()
                kind.delete(client, source, run)
                found.deleted += len(run)
            yield found
            # What is changed before the next look is found by that.
            records = [record for run in found.runs[RUNS:] for record in run]


def _look(
    kind: DeletionTarget, client: AuroraX, source: DataSource, records: Sequence[Record]
) -> DeletedRange:
    """Which runs may go now, and what is somebody else's."""
    prints = {kind.key(record): record_digest(record) for record in records}
    found, run = DeletedRange(), list[Record]()
    for record in kind.held(client, source, records):
        if prints.get(kind.key(record)) == record_digest(record):
            run.append(record)
            continue
        found.theirs[kind.key(record)] = kind.key(record) in prints
        found.runs, run = [*found.runs, run] if run else found.runs, []
    if run:
        found.runs.append(run)
    return found
