"""Records of a file beside those that AuroraX holds under their keys, and the counts of that."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Chunk
from apps.validation.columns import METADATA

EXAMPLES = 20  # differing values that are shown


class FilePosition(NamedTuple):
    """Where a record of the file is: its chunk, and the place there, from 0. `lacks` are the members it does not have."""

    chunk: Chunk
    place: int
    lacks: Sequence[str] = ()


class Match(NamedTuple):
    """A record of the file that AuroraX holds under its key, as it is there, and whether that is the same.

    `kept` is what `ours` has from AuroraX, because the file does not give it.
    """

    key: str
    ours: RecordRow
    theirs: RecordRow
    same: bool
    at: FilePosition
    kept: Mapping[str, Any] = MappingProxyType({})

    def is_same(self, *, emptying: bool) -> bool:
        """Whether nothing is to be sent, when what the file does not give is emptied or when it is kept."""
        return self.same and not (emptying and self.kept)


@dataclass
class ComparisonSummary:
    """How a file compares with AuroraX: counts in all and for each day, and how changed records differ.

    What the file does not give is kept. `emptied` are the records that are the same only because of that; what the person
    can choose instead is counted along. Values that are kept or taken away are counted by field.
    """

    kind: RecordType
    same: Counter[str] = field(default_factory=Counter)  # day -> records
    changed: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)  # field -> records in which it differs
    examples: list[dict[str, Any]] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)  # of the changed records
    takes: Counter[str] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    emptying_takes: Counter[str] = field(default_factory=Counter)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, match: Match) -> None:
        """Count one match."""
        self._digest.update(_encoder.encode(match.theirs))
        day = self.kind.day(match.ours)
        if match.same and not match.kept:
            self.same[day] += 1
            return
        held = [name for name, value in match.kept.items() if value is not None]
        if match.same:
            self.same[day] += 1
            self.emptied[day] += 1
            self.emptying_takes.update(held)
            return
        self.changed[day] += 1
        taken = self._count_differing(match)
        self.kept.update(held)
        self.takes.update(taken.keys())
        self.emptying_takes.update(dict.fromkeys([*taken, *held]).keys())

    def _count_differing(self, match: Match) -> dict[str, None]:
        """Count how a changed record differs; answers the fields whose value is taken away."""
        taken = dict[str, None]()  # in their order
        for name, before, after in self.kind.differing(match.ours, match.theirs):
            self.fields[name] += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append({"key": match.key, "field": name, "before": before, "after": after})
            if _is_nothing(after) and not _is_nothing(before):
                taken.setdefault(name if name.startswith(METADATA) else name.partition(".")[0])
        return taken

    @property
    def fingerprint(self) -> str:
        """Stands for exactly what AuroraX holds under the file's keys; empty where that is nothing."""
        return str(self._digest.hexdigest()) if self.same or self.changed else ""

    def counts(self, valid: int, *, emptying: bool = False) -> dict[str, Any]:
        """What is saved with the upload, of which so many records are valid: what comes of it when what the file does not
        give is kept, or emptied.
        """
        changed, identical = (days.total() for days in self._days(emptying))
        return {
            "new": valid - changed - identical,
            "changed": changed,
            "identical": identical,
            "fingerprint": self.fingerprint,
        }

    def differences(self, *, emptying: bool = False) -> dict[str, Any]:
        """What is saved with its report."""
        changed, identical = self._days(emptying)
        kept, takes = (Counter[str](), self.emptying_takes) if emptying else (self.kept, self.takes)
        return {
            "fields": dict(self.fields.most_common()),
            "examples": self.examples,
            "changed_days": dict(changed),
            "identical_days": dict(identical),
            "kept": dict(kept.most_common()),
            "takes": dict(takes.most_common()),
            "emptying": {} if emptying else self._emptying(),
        }

    def _days(self, emptying: bool) -> tuple[Counter[str], Counter[str]]:
        """Changed and identical records of each day."""
        if emptying:
            return self.changed + self.emptied, self.same - self.emptied
        return self.changed, self.same

    def _emptying(self) -> dict[str, Any]:
        """What would come of it instead; empty where that is the same."""
        if not self.emptied and self.emptying_takes == self.takes:
            return {}
        changed = self.changed.total() + self.emptied.total()
        return {"changed": changed, "takes": dict(self.emptying_takes.most_common())}


def _is_nothing(value: object) -> bool:
    return value is None or value == ""


_encoder = msgspec.json.Encoder(order="deterministic")
