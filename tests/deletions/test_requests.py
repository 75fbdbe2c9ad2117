"""How often AuroraX is asked for a deletion: where records are, once for each thing that has to be known."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from apps.activity import snapshots
from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord
from apps.deletions.models import Deletion, DeletionState
from apps.records import looks
from tests.conftest import Sent
from tests.deletions.test_deletions import DAY, begin, confirm

YEAR = {"start": "2020-01-01T00:00:00", "end": "2020-12-31T23:59:59"}


def put_days(aurorax: AuroraX, source: DataSource, days: range) -> None:
    records = [EphemerisRecord(DAY + timedelta(days=day)) for day in days]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


def searches(sent: Sent) -> int:
    return len([line for line in sent if line.startswith("POST") and "/ephemeris/search" in line])


def deletes(sent: Sent) -> int:
    return len([line for line in sent if line.startswith("DELETE") and "/data_sources/" in line])


def test_a_year_is_read_once_for_each_thing_that_is_promised_and_deleted_month_by_month(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sent: Sent
) -> None:
    put_days(aurorax, source, range(366))
    del sent[:]
    address = begin(as_owner, source, **YEAR)
    assert Deletion.objects.get().count == 366
    assert searches(sent) == 12, "Shown."
    del sent[:]
    assert "Deleted and checked" in confirm(as_owner, address, 366).content.decode()
    assert searches(sent) == 12 + 12 + 1 + 12, (
        "Copied, looked at right before, and read back: the last one first."
    )
    assert deletes(sent) == 12


def test_records_far_apart_cost_a_handful_of_requests(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sent: Sent
) -> None:
    put_days(aurorax, source, range(0, 1_000, 999))
    address = begin(as_owner, source, start=YEAR["start"], end="2022-12-31T23:59:59")
    del sent[:]
    confirm(as_owner, address, 2)
    assert Deletion.objects.get().state == DeletionState.DONE
    assert searches(sent) == 2 + 2 + 1 + 2
    assert deletes(sent) == 2
    assert len(sent) <= 14, "The data source is asked for once a step."


@pytest.mark.parametrize(("seconds", "expected"), [(60.0, 1), (0.0, 4)])
def test_one_look_serves_for_all_runs_of_a_month_while_it_is_fresh(
    as_owner: Client,
    source: DataSource,
    aurorax: AuroraX,
    sent: Sent,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    expected: int,
) -> None:
    monkeypatch.setattr(looks, "FRESH", seconds)
    put_days(aurorax, source, range(0, 6, 2))
    address = begin(as_owner, source, **YEAR)
    really_take = snapshots.take

    def take(**kwargs: Any) -> Any:
        copy = really_take(**kwargs)
        put_days(aurorax, source, range(1, 5, 2))  # of somebody else, between them
        del sent[:]
        return copy

    monkeypatch.setattr(snapshots, "take", take)
    confirm(as_owner, address, 3)
    assert deletes(sent) == 3
    assert Deletion.objects.get().left_alone["count"] == 2, "Each is counted once, however often it is met."
    assert searches(sent) == expected + 2, "The last of them and the whole are read back."


def test_data_products_are_deleted_so_many_at_a_time(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sent: Sent, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 40
    products = [
        DataProductRecord("keogram", DAY + timedelta(days=n), DAY + timedelta(days=n, hours=1), f"{n}.jpg")
        for n in range(100)
    ]
    aurorax.products.upload(source.identifier, products, source=source)
    address = begin(as_owner, source, "products", **YEAR)
    del sent[:]
    confirm(as_owner, address, 100)
    assert Deletion.objects.get().state == DeletionState.DONE
    assert len([line for line in sent if "/data_products/search" in line]) == 1 + 1 + 1 + 1
    assert deletes(sent) == 3
