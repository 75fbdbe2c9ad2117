"""Filling an empty database with the seed, and going back to it."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from apps.sandbox import availability, storage
from apps.sandbox.models import (
    Account,
    DataProduct,
    DataSource,
    DeleteJob,
    Ephemeris,
    Pending,
    SearchRequest,
    Session,
    YearCount,
)
from apps.sandbox.records import Row
from apps.sandbox.search import files
from apps.sandbox.seed import recent, records
from apps.sandbox.seed.accounts import accounts
from apps.sandbox.seed.sources import sources
from apps.sandbox.state import state

DAYS = {"small": 2, "full": 31}


def size() -> str:
    """Which seed this sandbox has: small or full."""
    return str(settings.SANDBOX_SEED)


def seed_once() -> bool:
    """Fill the database unless it has accounts already; answers whether it did."""
    if Account.objects.exists():
        return False
    _fill(None)
    records.ephemeris.cache_clear()  # a month of it is 60 MB, and most sandboxes are never reset
    return True


def reset() -> None:
    """Back to the seed: data, searches and switches. Records that nobody changed stay where they are."""
    state.reset()
    availability.forget()
    files.remove_all()
    with transaction.atomic():
        touched = state.touched
        for records_model in (Ephemeris, DataProduct, YearCount):
            changed = records_model.objects.all()
            _empty(changed if touched is None else changed.filter(source__in=touched))
        for model in (Pending, DeleteJob, SearchRequest, Session, Account, DataSource):
            _empty(model.objects.all())
        _fill(touched)
    state.touched = set()


def _fill(touched: set[int] | None) -> None:
    """Store the seed; of records only those of `touched` sources, or all of them."""
    days = DAYS[size()]
    with transaction.atomic():
        Account.objects.bulk_create(accounts())
        DataSource.objects.bulk_create(sources())
        _store(Ephemeris, records.ephemeris(days), touched)
        _store(DataProduct, records.data_products(days), touched)
        if size() == "full":
            _store(Ephemeris, recent.ephemeris(), touched)
            _store(DataProduct, recent.data_products(), touched)


def _store(model: type[Model], rows: Iterable[Row], touched: set[int] | None) -> None:
    for source, own in groupby(sorted(rows, key=itemgetter(0)), key=itemgetter(0)):
        if touched is None or source in touched:
            storage.store(model, source, list(own))


def _empty(rows: "QuerySet[Any]") -> None:
    """Delete without loading or asking what depends on it: everything that does is filled again."""
    rows._raw_delete(using=rows.db)  # noqa: SLF001 - Django's own delete() would load and cascade
