"""How many records each source has on each day of a span (API document, "Availability").

The real numbers lag behind uploads by about ten minutes. With the switch `availability_lag` the sandbox keeps every
answer for as long; `slow` always looks afresh.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import date
from time import monotonic

from apps.sandbox import ingest
from apps.sandbox.counters import DAYS, EPHEMERIS, days_of
from apps.sandbox.models import YearCount
from apps.sandbox.queries import DATA_PRODUCT_TYPES
from apps.sandbox.state import state

Counts = dict[int, dict[str, int]]
Filters = Mapping[str, str]  # fields of a data source, and what they must be
_lock = threading.Lock()
_kept: dict[tuple[object, ...], tuple[float, Counts]] = {}


def ephemeris(start: date, end: date, sources: Filters, *, slow: bool) -> Counts:
    """Records by source and day, both days included. A source without any is absent."""
    return _lagging(start, end, sources, (EPHEMERIS,), slow=slow)


def data_products(
    start: date, end: date, sources: Filters, data_product_type: str | None, *, slow: bool
) -> Counts:
    """Records by source and the day they start, both days included. A source without any is absent."""
    kinds = (data_product_type,) if data_product_type else DATA_PRODUCT_TYPES
    return _lagging(start, end, sources, kinds, slow=slow)


def forget() -> None:
    """Look at everything afresh."""
    with _lock:
        _kept.clear()


def _lagging(start: date, end: date, sources: Filters, kinds: tuple[str, ...], *, slow: bool) -> Counts:
    lag = state.switches.availability_lag
    key = start, end, tuple(sorted(sources.items())), kinds
    with _lock:
        kept = _kept.get(key)
    if not slow and lag and kept and monotonic() - kept[0] < lag:
        return kept[1]
    ingest.catch_up()
    counts = _counts(start, end, sources, kinds)
    if lag and not slow:
        with _lock:
            _kept[key] = monotonic(), counts
    return counts


def _counts(start: date, end: date, sources: Filters, kinds: tuple[str, ...]) -> Counts:
    years = YearCount.objects.filter(kind__in=kinds, year__range=(start.year, end.year))
    own = years.filter(**{f"source__{field}": value for field, value in sources.items()})
    rows = own.order_by("source", "year").values_list("source", "year", "days")
    counts: Counts = {}
    for source, year, days in rows.iterator():
        _add(counts.setdefault(source, {}), _days(year, days, start, end))
    return {source: dict(sorted(by_day.items())) for source, by_day in counts.items() if by_day}


def _days(year: int, days: bytes | memoryview, start: date, end: date) -> Iterable[tuple[str, int]]:
    """The days of one year from `start` to `end` that have records."""
    found = ((day, count) for day, count in zip(days_of(year), DAYS.unpack(days), strict=False) if count)
    if start.year < year < end.year:
        return found
    first, last = start.isoformat(), end.isoformat()
    return ((day, count) for day, count in found if first <= day <= last)


def _add(by_day: dict[str, int], more: Iterable[tuple[str, int]]) -> None:
    for day, count in more:
        by_day[day] = by_day.get(day, 0) + count
