"""Why a write is made: what somebody noted, which event it takes back, of which bulk action it is a part."""

from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

LONGEST_NOTE = 1_000  # characters


class Cause(Protocol):
    """What an event says about why it is there."""

    @property
    def note(self) -> str:
        """In the person's own words; empty where they gave none."""

    @property
    def undoes(self) -> UUID | None:
        """The event that is taken back."""

    @property
    def part_of(self) -> UUID | None:
        """The event of the bulk action."""


@dataclass(frozen=True)
class Because:
    """What is known beforehand."""

    note: str = ""
    undoes: UUID | None = None
    part_of: UUID | None = None

    def undoing(self, event: UUID) -> "Because":
        """The same, for what takes this event back."""
        return replace(self, undoes=event)


NO_CAUSE = Because()
