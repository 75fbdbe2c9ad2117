"""What a deletion is meant to cover."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeletionScope:
    """Records of one data source: those with these `keys`, which lie from `start` to `end`; without keys all that lie
    wholly within, and those with `edge_keys`, which only touch the span. Both ends are inclusive, UTC.

    `reach` is how far all these go, None while it is not known.
    """

    start: datetime
    end: datetime
    keys: frozenset[str] = frozenset()
    edge_keys: frozenset[str] = frozenset()
    reach: tuple[datetime, datetime] | None = None
