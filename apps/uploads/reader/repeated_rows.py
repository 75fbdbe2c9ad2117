"""Rows of a file beside the row further up that has their key: the same record again, or another one."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import msgspec

from apps.records.types import RecordRow, RecordType
from apps.uploads.spans import TimeSpan
from apps.validation.batches.duplicate_row_store import DuplicateRow, DuplicateRowStore
from apps.validation.columns import METADATA
from apps.validation.rounding import SECOND_MS

SHOWN = 70  # characters of each value
BEFORE = 20  # of them are before the first that differs
NOT_GIVEN = "not given"
Raw = dict[str, msgspec.Raw]


class RepeatedRows:
    """Compares those of one file. Its records must be in storage: `spans` answers those of its chunks, `body` one of them as
    the file has it.
    """

    def __init__(
        self, kind: RecordType, spans: Callable[[], Sequence[TimeSpan]], body: Callable[[int], bytes]
    ) -> None:
        self._kind, self._spans, self._body = kind, spans, body

    def __call__(self, store: DuplicateRowStore) -> Mapping[int, str]:
        """How each differs from the one further up: empty where it does not; a row of which that is not found is left out."""
        found, wanted = self._among_themselves(store)
        for row, earlier in self._in_chunks(wanted):
            found[row.at] = difference(self._kind, store.body(row), earlier)
        return found

    def _among_themselves(
        self, store: DuplicateRowStore
    ) -> tuple[dict[int, str], dict[str, list[DuplicateRow]]]:
        """Those whose other one was left out too, as another time of a minute; and by key those whose other one is sent."""
        found: dict[int, str] = {}
        wanted: dict[str, list[DuplicateRow]] = {}
        others: dict[tuple[str, int], DuplicateRow] = {}
        for row in store.rows():
            if not row.same:
                others[row.key, row.exact] = row
            elif other := others.get((row.key, row.exact)):
                found[row.at] = difference(self._kind, store.body(row), store.body(other))
            else:
                wanted.setdefault(row.key, []).append(row)
        return found, wanted

    def _in_chunks(self, wanted: dict[str, list[DuplicateRow]]) -> Iterator[tuple[DuplicateRow, bytes]]:
        """Each of them, with the body of the record that is sent."""
        key_of = msgspec.defstruct("Key", [("value", str, msgspec.field(name=self._key))])
        decode = msgspec.json.Decoder(list[key_of]).decode  # type: ignore[valid-type]
        for body in self._bodies(wanted):
            keys = [record.value for record in decode(body)]  # type: ignore[attr-defined]
            if wanted.keys().isdisjoint(keys):
                continue
            for key, record in zip(keys, msgspec.json.decode(body, type=list[msgspec.Raw]), strict=True):
                for row in wanted.pop(key, ()):
                    yield row, bytes(record)

    def _bodies(self, wanted: Mapping[str, list[DuplicateRow]]) -> Iterator[bytes]:
        """Of the chunks in which they can be, until all are found. Where the key is no time, that is anywhere."""
        is_by_time = self._kind.key_is_time
        moments = sorted(rows[0].first for rows in wanted.values()) if is_by_time else []
        for index, span in enumerate(self._spans() if wanted else ()):
            if not is_by_time or _any_within(moments, *span):
                yield self._body(index)
            if not wanted:
                return

    @property
    def _key(self) -> str:
        return self._kind.validator_class.key_column


def difference(kind: RecordType, ours: bytes, earlier: bytes) -> str:
    """The first field in which two records differ, by `equality.equal`; empty where none does. What only one of them gives
    is a difference too: the other leaves to AuroraX what is there.
    """
    if ours == earlier:
        return ""
    mine, other = (msgspec.json.decode(body, type=Raw) for body in (ours, earlier))
    for name in kind.compared:
        if (name in mine) != (name in other):
            return _words(
                name, *(_text(record[name]) if name in record else NOT_GIVEN for record in (mine, other))
            )
    rows = kind.rows_of(b"[%b,%b]" % (ours, earlier))
    for field, before, now in kind.differing(rows[0], rows[1]):
        given = zip(rows, (now, before), strict=True)
        return _words(field, *(_text(value) if _has(row, field) else NOT_GIVEN for row, value in given))
    return ""


def _has(row: RecordRow, field: str) -> bool:
    """Whether a record has a field, be it null."""
    top, _, member = field.partition(".")
    return top != METADATA or not member or member in (row.metadata or {})


def _text(value: Any) -> str:
    """As JSON, which keeps texts and numbers apart."""
    return msgspec.json.encode(value).decode()


def _words(field: str, ours: str, earlier: str) -> str:
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, earlier, strict=False)))
    start = max(alike - BEFORE, 0)
    return f"{field} {_part(ours, start)}, further up {_part(earlier, start)}"


def _part(text: str, start: int) -> str:
    """Of a long value what is around the difference."""
    if len(text) <= SHOWN:
        return text
    end = start + SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _any_within(moments: list[int], first: datetime, last: datetime) -> bool:
    """Whether one of the sorted milliseconds since 1970 is in the span."""
    place = bisect_left(moments, first.timestamp() * SECOND_MS)
    return place < len(moments) and moments[place] <= last.timestamp() * SECOND_MS
