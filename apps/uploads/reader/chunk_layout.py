"""Valid records laid out as the bodies of chunks, and what the page says of all of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from apps.uploads import spans
from apps.uploads.reader.messages import Part
from apps.validation.batches import Records

FIRST_RECORDS = 10


class ChunkLayout:
    """Lays records out as JSON arrays of `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: list[Records] = []
        self.count = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.days: Counter[str] = Counter()
        self.first_records: list[bytes] = []

    def add(self, records: Records) -> Sequence[Part]:
        """Take records up; answers what makes whole chunks."""
        if records.is_empty():
            return []
        self._note(records)
        waiting = pl.concat([*self._waiting, records])
        whole = len(waiting) // self._size * self._size
        self._waiting = [waiting.slice(whole)]
        return [_part(each) for each in waiting.head(whole).iter_slices(self._size)] if whole else []

    def rest(self) -> Sequence[Part]:
        """What is left."""
        return [_part(each) for each in self._waiting if len(each)]

    def _note(self, records: Records) -> None:
        """What the page says of all of them."""
        self.count += len(records)
        times = spans.of_records(records)
        self.first = min(self.first or times[0][0], times[0][0])
        self.last = max(self.last or times[-1][1], times[-1][1])
        days = records["first"].dt.date().value_counts()
        self.days.update({day.isoformat(): count for day, count in days.iter_rows()})
        few = records["body"].head(FIRST_RECORDS - len(self.first_records))
        self.first_records += [body.encode() for body in few]


def _part(records: Records) -> Part:
    body = f"[{records['body'].str.join(',').item()}]".encode()
    return Part(count=len(records), spans=spans.of_records(records), body=body)
