"""What a deletion is meant to cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.aurorax.times import TimeSpan


@dataclass(frozen=True)
class DeletionScope:
    """Records of one data source: those with these `keys`, which lie from `start` to `end`; without keys all that lie
    wholly within, and those with `edge_keys`, which only touch the span. Both ends are inclusive, UTC.

    `reach` is how far all these go, None while it is not known; `days` are the spans of the days on which there are any,
    without the time between them, none while that is not known.
    """

    start: datetime
    end: datetime
    keys: frozenset[str] = frozenset()
    edge_keys: frozenset[str] = frozenset()
    reach: TimeSpan | None = None
    days: Sequence[TimeSpan] = ()
