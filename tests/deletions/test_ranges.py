"""Deleting range by range: nothing goes that is not exactly as it was copied, whatever is written meanwhile."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataProductRecord, DataSource, errors
from apps.deletions import copy
from apps.deletions.models import Deletion, DeletionState
from apps.ephemeris.record_type import EphemerisType
from apps.products.record_type import ProductType
from apps.records import looks
from tests.deletions.test_deletions import DAY, begin, confirm, minutes_left, put
from tests.uploads.steps.test_put_back import after_write, once


@pytest.fixture(autouse=True)
def _small_parts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four records a part, and each is looked at again when its turn comes."""
    settings.UPLOAD_CHUNK_RECORDS = 4
    monkeypatch.setattr(copy, "MOST", 4)
    monkeypatch.setattr(looks, "FRESH", 0.0)


@pytest.fixture
def address(as_owner: Client, source: DataSource, aurorax: AuroraX) -> str:
    """The page of a deletion of twelve minutes with a gap, as it is shown before the decision."""
    put(aurorax, source, range(4))
    put(aurorax, source, range(5, 13))
    return begin(as_owner, source, end="2020-01-01T00:30:00")


def test_what_is_changed_or_added_between_two_ranges_is_left_alone_and_listed(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle() -> None:
        put(aurorax, source, range(7, 8), note="changed")
        put(aurorax, source, range(4, 5), note="added")

    after_write(monkeypatch, "delete", once(meddle), EphemerisType)
    page = confirm(as_owner, address, 12).content.decode()
    assert minutes_left(aurorax, source) == [4, 7]
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.count_deleted) == (DeletionState.DONE, 11)
    assert deletion.left_alone["listed"] == ["2020-01-01T00:07:00"]
    assert "11 ephemeris records deleted" in page
    assert "1 left alone, because somebody has added or changed them since" in page
    assert "2020-01-01T00:07:00" in page
    assert Event.objects.get().summary.endswith("but for 1 that somebody had changed")


def test_what_is_added_within_a_part_is_not_swallowed_by_it(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurorax.ephemeris.delete(source, DAY.replace(minute=6), DAY.replace(minute=6))
    as_owner.post(address, {"decision": "look_again"})
    after_write(
        monkeypatch, "delete", once(lambda: put(aurorax, source, range(6, 7), note="new")), EphemerisType
    )
    confirm(as_owner, address, 11)
    assert minutes_left(aurorax, source) == [6]
    assert Deletion.objects.get().left_alone == {
        "count": 1,
        "shown": 0,
        "listed": ["2020-01-01T00:06:00"],
    }


def test_nothing_goes_of_which_there_is_no_copy(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_write(
        monkeypatch,
        "delete",
        once(lambda: put(aurorax, source, range(5, 9), note="theirs")),
        EphemerisType,
    )
    confirm(as_owner, address, 12)
    snapshot = Snapshot.objects.get(pk=str(Deletion.objects.get().snapshot))
    kept = {record["epoch"]: record["metadata"] for record in snapshots.records_of(snapshot)}
    assert minutes_left(aurorax, source) == [5, 6, 7, 8]
    assert {f"2020-01-01T00:{n:02}:00": {"note": ""} for n in range(13) if n != 4} == kept


def test_a_deletion_that_is_broken_off_half_way_goes_on_and_counts_right(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        put(aurorax, source, range(8, 9), note="theirs")
        raise errors.Maintenance

    with monkeypatch.context() as patched:
        after_write(patched, "delete", once(fail), EphemerisType)
        assert "maintenance" in confirm(as_owner, address, 12).content.decode()
    assert Deletion.objects.get().state == DeletionState.PAUSED
    page = as_owner.post(address, {"decision": "resume"}, follow=True).content.decode()
    assert "Deleted and checked" in page
    assert minutes_left(aurorax, source) == [8]
    assert (Deletion.objects.get().count_deleted, Deletion.objects.get().count_left_alone) == (11, 1)


def test_a_data_product_that_is_changed_meanwhile_stays(
    as_owner: Client, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keogram(number: int, hour: int = 0) -> DataProductRecord:
        day = DAY.replace(day=number + 1)
        return DataProductRecord("keogram", day.replace(hour=hour), day.replace(hour=23), f"{number}.jpg")

    aurorax.products.upload(source.identifier, [keogram(n) for n in range(8)], source=source)
    span: dict[str, Any] = {"start": "2020-01-01T00:00:00", "end": "2020-01-20T00:00:00"}
    address = begin(as_owner, source, "products", **span)
    changed = once(lambda: aurorax.products.upload(source.identifier, [keogram(6, 5)], source=source))
    after_write(monkeypatch, "delete", changed, ProductType)
    confirm(as_owner, address, 8)
    left = [each.url for each in aurorax.products.search(source, DAY, DAY.replace(month=2))]
    assert left == ["6.jpg"]
    assert Deletion.objects.get().left_alone["listed"] == ["6.jpg"]


def test_what_was_left_alone_is_left_alone_by_the_restore_too(
    as_owner: Client,
    address: str,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after_write(
        monkeypatch,
        "delete",
        once(lambda: put(aurorax, source, range(7, 8), note="theirs")),
        EphemerisType,
    )
    confirm(as_owner, address, 12)
    page = as_owner.post(address, {"decision": "restore"}, follow=True).content.decode()
    assert "Restore 11 records, leave 1 alone" in page
    assert "1 record somebody has put there since the deletion" in page
