"""How far a deletion is, for its page."""

from typing import NamedTuple

from apps.deletions.models import Deletion, DeletionState
from apps.records.types import type_of

# What has become of the records that are counted, in each step.
DONE_WITH_THEM = {
    DeletionState.SAVING: "copied",
    DeletionState.DELETING: "deleted",
    DeletionState.CHECKING: "read back",
    DeletionState.CANCELLING: "read back",
}


class Progress(NamedTuple):
    """A number of records, of how many (0 where that is not known yet), and the same in words."""

    value: int
    most: int
    words: str


def progress(deletion: Deletion) -> Progress | None:
    """While a worker is, or should be, at it."""
    if not deletion.is_running:
        return None
    noun = type_of(deletion.kind).noun
    if deletion.state == DeletionState.LOOKING:
        return Progress(deletion.progress, 0, f"{deletion.progress:,} {noun}s read so far")
    value = _value(deletion)
    words = f"{value:,} of {deletion.count:,} {noun}{'' if deletion.count == 1 else 's'} "
    return Progress(value, deletion.count, words + DONE_WITH_THEM[DeletionState(deletion.state)])


def _value(deletion: Deletion) -> int:
    """Never more than there are: where somebody adds records, more are read."""
    is_deleting = deletion.state == DeletionState.DELETING
    return min(deletion.deleted if is_deleting else deletion.progress, deletion.count)


def steps(deletion: Deletion) -> list[tuple[str, str]]:
    """The way of a deletion in words, each with `past`, `now` or `ahead`."""
    way = [DeletionState.LOOKING, DeletionState.READY, DeletionState.SAVING, DeletionState.DELETING,
           DeletionState.CHECKING, DeletionState.DONE]  # fmt: skip
    here = way.index(deletion.step) if deletion.step in way else -1
    return [
        (step.label, "now" if place == here else "past" if place < here else "ahead")
        for place, step in enumerate(way)
    ]
