"""Filling an empty database with the seed, and going back to it."""

from django.conf import settings
from django.db import transaction

from apps.sandbox import availability, bulk
from apps.sandbox.models import (
    Account,
    DataProduct,
    DataSource,
    DeleteJob,
    Ephemeris,
    Pending,
    SearchRequest,
    Session,
)
from apps.sandbox.search import files
from apps.sandbox.seed import records
from apps.sandbox.seed.accounts import accounts
from apps.sandbox.seed.sources import sources
from apps.sandbox.state import state

DAYS = {"small": 2, "full": 31}
EVERYTHING = (Ephemeris, DataProduct, Pending, DeleteJob, SearchRequest, Session, Account, DataSource)


def size() -> str:
    """Which seed this sandbox has: small or full."""
    return str(settings.SANDBOX_SEED)


def seed_once() -> bool:
    """Fill the database unless it has accounts already; answers whether it did."""
    if Account.objects.exists():
        return False
    _fill()
    return True


def reset() -> None:
    """Back to the seed: data, searches and switches."""
    state.reset()
    availability.forget()
    files.remove_all()
    with transaction.atomic():
        for model in EVERYTHING:
            model.objects.all()._raw_delete(using="default")  # noqa: SLF001 - nothing of it needs loading first
        _fill()


def _fill() -> None:
    days = DAYS[size()]
    with transaction.atomic():
        Account.objects.bulk_create(accounts())
        DataSource.objects.bulk_create(sources())
        bulk.upsert(Ephemeris, records.ephemeris(days))
        bulk.upsert(DataProduct, records.data_products(days))
