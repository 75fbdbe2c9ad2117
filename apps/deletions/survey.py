"""What a range holds: counted and fingerprinted while the records stream by, so that nothing is held but the summary."""

import hashlib
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

Record = dict[str, Any]
SAMPLE = 5  # records kept from each end
LISTED = 2_000  # data products named one by one; ephemeris records are only sampled


class RangeSummary:
    """Reads records once, in AuroraX's order, and knows afterwards what there was."""

    def __init__(self, *, time_field: str, listed: bool) -> None:
        """`time_field` is the record's time (`epoch`, `start`); `listed` keeps every record instead of a sample."""
        self._time_field = time_field
        self._listed = listed
        self._days: Counter[str] = Counter()
        self._head: list[Record] = []
        self._tail: deque[Record] = deque(maxlen=SAMPLE)
        self._first = self._last = ""
        self._hash = hashlib.sha256()
        self.count = 0
        self.edges: list[Record] = []  # that only touch the range; they are not read, and not counted

    def observe(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records again, taken note of as they pass."""
        for record in records:
            self._note(record)
            yield record

    def read(self, records: Iterable[Record]) -> "RangeSummary":
        """Take note of all of them."""
        for record in records:
            self._note(record)
        return self

    @property
    def fingerprint(self) -> str:
        """Stands for exactly these records with exactly these values."""
        return self._hash.hexdigest()

    def summary(self) -> dict[str, Any]:
        """Count, first and last time, records for each day, and a sample or the list; as it is kept and shown."""
        return {
            "count": self.count,
            "first": self._first,
            "last": self._last,
            "days": dict(self._days),
            "head": self._head,
            "tail": list(self._tail),
            "edges": self.edges,
        }

    def _note(self, record: Record) -> None:
        moment = str(record[self._time_field])
        self.count += 1
        self._first = min(self._first or moment, moment)
        self._last = max(self._last, moment)
        self._days[moment[:10]] += 1
        self._hash.update(record_digest(record))
        if len(self._head) < (LISTED if self._listed else SAMPLE):
            self._head.append(record)
        else:
            self._tail.append(record)


def record_digest(record: Record) -> bytes:
    """A short stand-in for one record and all its values, whatever the order of its keys."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()
