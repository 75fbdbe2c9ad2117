"""Reading back what was deleted: part by part of the copy, until AuroraX holds nothing of it any more."""

from itertools import islice

from apps.deletions.context import DeletionContext
from apps.deletions.copy import CopiedPart, parts_of
from apps.deletions.ranges import is_exactly
from apps.records.looks import HeldRecords, look_at, looks_at


class LeftoverSearch:
    """Goes on with every look from the first part of which something was left. What somebody has uploaded there since is
    theirs, and no sign that the deletion failed.
    """

    def __init__(self, context: DeletionContext) -> None:
        self._context = context
        self._clean = 0  # parts
        self._read = 0  # records of these

    def finds_nothing(self) -> bool:
        """Whether nothing is left. The last record is looked for before all others: AuroraX deletes in the order in which it
        was asked.
        """
        if self._is_left(look_at(self._context, self._last())):
            return False
        parts = islice(parts_of(self._context.deletion), self._clean, None)
        for look in looks_at(self._context, parts, waiting=self._ensure):
            if self._is_left(look):
                return False
            self._clean += 1
            self._read += look.item.number
            self._ensure()
        return True

    def _ensure(self) -> None:
        self._context.ensure_state(self._context.deletion.state, self._read)

    def _last(self) -> CopiedPart:
        """The last of the records that were shown."""
        kind, survey = self._context.kind, self._context.deletion.survey
        return CopiedPart.of(kind, [kind.row_of([*survey["head"], *survey["tail"]][-1])])

    def _is_left(self, look: HeldRecords[CopiedPart]) -> bool:
        """Whether AuroraX holds a record of this part just as it was copied."""
        kind, held = self._context.kind, [*look.read()]
        copied = {kind.key(row): row for row in kind.rows_of(look.item.body)} if held else {}
        return any(
            (was := copied.get(kind.key(row))) is not None and is_exactly(kind, was, row) for row in held
        )


def count_gone(context: DeletionContext) -> int:
    """How many of the copied records AuroraX does not hold any more, with whatever values."""
    kind, state = context.kind, context.deletion.state
    gone = read = 0
    for look in looks_at(context, parts_of(context.deletion), waiting=lambda: context.ensure_state(state)):
        held = {kind.key(row) for row in look.read()}
        there = sum(kind.key(row) in held for row in kind.rows_of(look.item.body)) if held else 0
        gone, read = gone + look.item.number - there, read + look.item.number
        context.ensure_state(state, read)
    return gone
