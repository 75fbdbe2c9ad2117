"""The only writer of records: what it stores and deletes it also counts.

Callers hold the lock of `ingest`, so between looking and writing nothing changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import models, transaction
from django.db.models import Count
from django.db.models.functions import Substr

from apps.sandbox import bulk, counters
from apps.sandbox.counters import EPHEMERIS, Times
from apps.sandbox.models import DataProduct, Ephemeris
from apps.sandbox.records import Row

KEYS = 1000  # in one query
Product = tuple[str, str, str]  # type, start and end


def store(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Store rows of either kind, no key twice; a row whose key is already there replaces what was there."""
    with transaction.atomic():
        for source, own in groupby(sorted(rows, key=itemgetter(0)), key=itemgetter(0)):
            (_store_ephemeris if model is Ephemeris else _store_products)(source, list(own))


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
        gone = dict(_products(source, urls))
        for some in _batches(list(gone)):
            DataProduct.objects.filter(source=source, url__in=some).delete()
        _remove(source, gone.values())


def _store_ephemeris(source: int, rows: list[Row]) -> None:
    replaced = _epochs(source, [row[1] for row in rows])
    bulk.upsert(Ephemeris, rows)
    new = [row[1] for row in rows if row[1] not in replaced] if replaced else [row[1] for row in rows]
    counters.add(source, EPHEMERIS, Times(new, new))


def _epochs(source: int, epochs: list[str]) -> set[str]:
    """Which of these are there already, and perhaps others. Most uploads meet nothing, or the same minutes again."""
    records = Ephemeris.objects.filter(source=source)
    known = records.values_list("epoch", flat=True)
    between = known.filter(epoch__range=(min(epochs), max(epochs)))
    found = set(between.order_by("epoch")[: len(epochs) + 1])
    if len(found) <= len(epochs):
        return found
    return {epoch for some in _batches(epochs) for epoch in known.filter(epoch__in=some)}


def _store_products(source: int, rows: list[Row]) -> None:
    before = dict(_products(source, [row[1] for row in rows]))
    bulk.upsert(DataProduct, rows)
    moved = [row for row in rows if before.get(row[1]) != row[2:5]]
    _remove(source, [before[row[1]] for row in moved if row[1] in before])
    for kind, own in _by_kind(row[2:5] for row in moved):
        counters.add(source, kind, Times([start for _, start, _ in own], [end for _, _, end in own]))


def _products(source: int, urls: Sequence[str]) -> Iterator[tuple[str, Product]]:
    """What is there of these URLs."""
    columns = ("url", "data_product_type", "start", "end")
    for some in _batches(urls):
        found = DataProduct.objects.filter(source=source, url__in=some)
        yield from ((url, (kind, start, end)) for url, kind, start, end in found.values_list(*columns))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[begin : begin + KEYS] for begin in range(0, len(keys), KEYS))


def _remove(source: int, gone: Iterable[Product]) -> None:
    for kind, own in _by_kind(gone):
        counters.remove(source, kind, [(start[:10], 1) for _, start, _ in own])


def _by_kind(products: Iterable[Product]) -> Iterator[tuple[str, list[Product]]]:
    for kind, own in groupby(sorted(products), key=itemgetter(0)):
        yield kind, list(own)
