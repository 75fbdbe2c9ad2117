"""How many records each source has on each day of a span (API document, "Availability").

The real numbers lag behind uploads by about ten minutes. With the switch `availability_lag` the sandbox keeps every
answer for as long; `slow` always counts afresh.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from operator import itemgetter
from time import monotonic
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr

from apps.sandbox import ingest
from apps.sandbox.models import DataProduct, Ephemeris
from apps.sandbox.state import state

Counts = dict[int, dict[str, int]]
_lock = threading.Lock()
_kept: dict[tuple[object, ...], tuple[float, Counts]] = {}


def ephemeris(start: date, end: date, *, slow: bool) -> Counts:
    """Records by source and day, both days included. A source without any is absent."""
    return _lagging(("ephemeris", start, end), slow, lambda: _ephemeris(start, end))


def data_products(start: date, end: date, data_product_type: str | None, *, slow: bool) -> Counts:
    """Records by source and the day they start, both days included. A source without any is absent."""
    key = ("data_products", start, end, data_product_type)
    return _lagging(key, slow, lambda: _data_products(start, end, data_product_type))


def forget() -> None:
    """Count everything afresh."""
    with _lock:
        _kept.clear()


def _lagging(key: tuple[object, ...], slow: bool, count: Callable[[], Counts]) -> Counts:
    lag = state.switches.availability_lag
    with _lock:
        kept = _kept.get(key)
    if not slow and lag and kept and monotonic() - kept[0] < lag:
        return kept[1]
    ingest.catch_up()
    counts = count()
    if lag and not slow:
        with _lock:
            _kept[key] = monotonic(), counts
    return counts


def _ephemeris(start: date, end: date) -> Counts:
    records = Ephemeris.objects.filter(epoch__range=(f"{start}T00:00:00", f"{end}T23:59:59"))
    return _by_source(
        records.annotate(day=Substr("epoch", 1, 10)).values("source", "day").annotate(n=Count("epoch"))
    )


def _data_products(start: date, end: date, data_product_type: str | None) -> Counts:
    records = DataProduct.objects.filter(start__range=(f"{start}T00:00:00", f"{end}T23:59:59"))
    if data_product_type:
        records = records.filter(data_product_type=data_product_type)
    return _by_source(
        records.annotate(day=Substr("start", 1, 10)).values("source", "day").annotate(n=Count("url"))
    )


def _by_source(rows: Iterable[Mapping[str, Any]]) -> Counts:
    counts: Counts = {}
    for row in sorted(rows, key=itemgetter("source", "day")):
        counts.setdefault(row["source"], {})[row["day"]] = row["n"]
    return counts
