"""What undoing an event would do now: looked at before it is done, and looked at again when it is."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from apps.accounts.models import User
from apps.activity.causes import Cause
from apps.activity.models import Event
from apps.aurorax import AuroraX
from apps.ui.links import Link


class Standing(StrEnum):
    """How one part of a write stands to what AuroraX holds now."""

    OURS = "ours"  # still as the write left it: it is put back
    THEIRS = "theirs"  # somebody has changed it since: left alone unless chosen
    SAME = "same"  # already as it was before the write


@dataclass(frozen=True)
class UndoPart:
    """One part of a write: a field, a record, a data source. `now` and `then` are texts for people; empty for nothing."""

    name: str
    label: str
    now: str
    then: str
    standing: Standing
    value: Any = None  # what is put back

    @property
    def is_theirs(self) -> bool:
        """Whether it is left alone unless somebody chooses it."""
        return self.standing == Standing.THEIRS


@dataclass(frozen=True)
class UndoOutcome:
    """What came of it: the event it left, in words, whether all that was to be put back was read back as it was."""

    event: Event | None
    message: str
    complete: bool = True
    links: Sequence[Link] = ()


class CannotUndo(Exception):
    """Not possible now; the message says why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(kw_only=True)
class UndoPlan(ABC):
    """One event, and what undoing it would do. Made from what AuroraX holds at that moment."""

    event: Event
    parts: list[UndoPart] = field(default_factory=list)
    extras: list[UndoPart] = field(
        default_factory=list
    )  # that can be chosen besides, such as deleted records
    notes: list[str] = field(default_factory=list)
    blocked: str = ""  # why it cannot be done at all
    links: list[Link] = field(default_factory=list)  # to what stands in the way
    verb: ClassVar[str] = "Undo"

    @abstractmethod
    def check(self, by: User) -> None:
        """Raises `NotAllowed` for who may not do this, whatever they choose."""

    @abstractmethod
    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """Do it, and read it back. Raises `errors.AuroraXError` and `NotAllowed`."""

    @property
    def fingerprint(self) -> str:
        """Stands for exactly what was shown: what differs when it is to be done is shown anew."""
        shown = [str(self.event.pk), self.blocked, [[p.name, p.now, p.then, p.standing] for p in self.parts]]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()

    @property
    def is_needless(self) -> bool:
        """Whether all is already as it was before."""
        return not self.extras and all(part.standing == Standing.SAME for part in self.parts)

    def wanted(self, chosen: Collection[str]) -> list[UndoPart]:
        """The parts that are put back: those nobody has touched since, and those that were chosen."""
        return [
            part
            for part in self.parts
            if part.standing == Standing.OURS or (part.is_theirs and part.name in chosen)
        ]

    def left(self, chosen: Collection[str]) -> list[UndoPart]:
        """The parts that are somebody else's by now and stay."""
        return [part for part in self.parts if part.is_theirs and part.name not in chosen]


@dataclass(kw_only=True)
class NoPlan(UndoPlan):
    """Where nothing can be done, or nothing is left to do: what is there to know is in what all plans have."""

    def check(self, by: User) -> None:
        """Anybody may know that."""

    def carry_out(
        self, *, by: User, client: AuroraX, chosen: Collection[str], cause: Cause, summary: str
    ) -> UndoOutcome:
        """Raises `CannotUndo`."""
        raise CannotUndo(self.blocked)


def left_words(parts: Sequence[UndoPart]) -> str:
    """What was left alone, as the end of a sentence; empty for nothing."""
    names = ", ".join(part.label.lower() for part in parts)
    return f"; left alone, as somebody has changed it since: {names}" if parts else ""
