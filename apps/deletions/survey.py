"""What a range holds: counted and fingerprinted while the records stream by, so that nothing is held but the summary."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.deletions.fingerprints import fingerprint_like
from apps.records.types import RecordRow, RecordType
from apps.validation.row import Record

SAMPLE = 5  # records kept from each end
LISTED = 2_000  # records named one by one where AuroraX deletes by key; others are only sampled


class RangeSummary:
    """Reads records once, in AuroraX's order, and knows afterwards what there was."""

    def __init__(self, kind: RecordType, edges: Sequence[RecordRow] = (), known: str = "") -> None:
        """`edges` only touch the range; they are not read, and not counted. `known` is the fingerprint to compare with."""
        self._kind = kind
        self._edges = edges
        self._days: Counter[str] = Counter()
        self._head: list[Record] = []
        self._tail: deque[Record] = deque(maxlen=SAMPLE)
        self._first = self._last = ""
        self._fingerprint = fingerprint_like(known)
        self.count = 0

    def observe(self, rows: Iterable[RecordRow]) -> Iterator[Record]:
        """The records in the API's shape, taken note of as they pass."""
        for row in rows:
            record = self._kind.record_of(row)
            self._note(row, record)
            yield record

    def read(self, rows: Iterable[RecordRow]) -> "RangeSummary":
        """Take note of all of them."""
        for row in rows:
            self._note(row, self._kind.record_of(row))
        return self

    @property
    def fingerprint(self) -> str:
        """Stands for exactly these records with exactly these values."""
        return str(self._fingerprint)

    def summary(self) -> dict[str, Any]:
        """Count, first and last time, records for each day, and a sample or the list; as it is kept and shown."""
        return {
            "count": self.count,
            "first": self._first,
            "last": self._last,
            "days": dict(self._days),
            "head": self._head,
            "tail": [*self._tail],
            "edges": [self._kind.record_of(row) for row in self._edges],
        }

    def _note(self, row: RecordRow, record: Record) -> None:
        moment, _ = self._kind.span(row)
        self.count += 1
        self._first = min(self._first or moment, moment)
        self._last = max(self._last, moment)
        self._days[moment[:10]] += 1
        self._fingerprint.add(record)
        if len(self._head) < (LISTED if self._kind.deletes_by_key else SAMPLE):
            self._head.append(record)
        else:
            self._tail.append(record)
