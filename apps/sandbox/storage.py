"""The only writer of records: what it stores and deletes it also counts.

Callers hold the lock of `ingest`, so between looking and writing nothing changes.
"""

from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.db.models import Count
from django.db.models.functions import Substr

from apps.sandbox import bulk, counters, lookups
from apps.sandbox.counters import EPHEMERIS, Times
from apps.sandbox.lookups import Product
from apps.sandbox.models import DataProduct, Ephemeris
from apps.sandbox.records import Row

KEYS = 1000  # in one query


def store(model: type[models.Model], source: int, rows: Sequence[Row]) -> None:
    """Store rows of one source, no key twice; a row whose key is already there replaces what was there."""
    if rows:
        with transaction.atomic():
            (_store_ephemeris if model is Ephemeris else _store_products)(source, rows)


def delete_ephemeris(source: int, start: str, end: str) -> int:
    """Delete a span, both ends included; answers how many records there were."""
    with transaction.atomic():
        doomed = Ephemeris.objects.filter(source=source, epoch__range=(start, end))
        days = doomed.annotate(day=Substr("epoch", 1, 10)).values("day").annotate(n=Count("epoch"))
        by_day = list(days.values_list("day", "n"))
        gone, _ = doomed.delete()
        counters.remove(source, EPHEMERIS, by_day)
    return gone


def delete_data_products(source: int, urls: Sequence[str]) -> None:
    """Delete by URL; unknown ones do no harm."""
    with transaction.atomic():
        known = lookups.products(source, urls)
        doomed = list(known.keys() & set(urls))
        for begin in range(0, len(doomed), KEYS):
            DataProduct.objects.filter(source=source, url__in=doomed[begin : begin + KEYS]).delete()
        _remove(source, (known[url] for url in doomed))


def _store_ephemeris(source: int, rows: Sequence[Row]) -> None:
    epochs = [row[1] for row in rows]
    known = lookups.epochs(source, epochs)
    bulk.upsert(Ephemeris, rows)
    new = [epoch for epoch in epochs if epoch not in known] if known else epochs
    counters.add(source, EPHEMERIS, Times(new, new))


def _store_products(source: int, rows: Sequence[Row]) -> None:
    """A product that comes again may have moved to another day or type."""
    known = lookups.products(source, [row[1] for row in rows])
    bulk.upsert(DataProduct, rows)
    moved = [row for row in rows if known.get(row[1]) != row[2:5]] if known else rows
    _remove(source, [known[row[1]] for row in moved if row[1] in known])
    for kind, times in _by_kind(row[2:5] for row in moved).items():
        counters.add(source, kind, times)


def _remove(source: int, gone: Iterable[Product]) -> None:
    for kind, times in _by_kind(gone).items():
        counters.remove(source, kind, [(start[:10], 1) for start in times.starts])


def _by_kind(products: Iterable[Product]) -> dict[str, Times]:
    kinds: dict[str, Times] = {}
    for kind, start, end in products:
        times = kinds.get(kind) or kinds.setdefault(kind, Times([], []))
        times.starts.append(start)
        times.ends.append(end)
    return kinds
