"""Putting back what was deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Deletion, Upload
from apps.uploads.models.deletion import DeletionState
from tests.uploads.conftest import UploadFile, act, csv_of, minutes

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def records(aurorax: AuroraX, source: DataSource) -> list[dict[str, Any]]:
    """What AuroraX holds of the day, complete."""
    return [record.to_api() for record in aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))]


def deleted(client: Client, source: DataSource, kind: str = "ephemeris", **span: str) -> str:
    """The address of a deletion that was gone through with."""
    asked = client.post(reverse(f"{kind}-delete", args=[source.identifier]), span)
    address: str = asked.headers["Location"]
    client.get(address)
    client.post(address, {"decision": "confirm", "count": Deletion.objects.get().count})
    assert Deletion.objects.get().state == DeletionState.DONE
    return address


def restored(client: Client, address: str) -> Upload:
    """The upload that "Restore" makes."""
    answer = client.post(address, {"decision": "restore"})
    upload = Upload.objects.latest("created_at")
    assert answer.headers["Location"] == reverse("upload-detail", args=[upload.pk])
    return upload


@pytest.fixture
def address(as_owner: Client, source: DataSource, upload_file: UploadFile) -> str:
    """A deletion of the first six of ten records."""
    act(as_owner, upload_file(csv_of(*minutes(10))), "send")
    return deleted(as_owner, source, start="2020-01-01T00:00:00", end="2020-01-01T00:05:00")


def test_deleted_records_come_back_exactly_as_they_were(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(10))), "send")
    before = records(aurorax, source)
    address = deleted(as_owner, source, start="2020-01-01T00:00:00", end="2020-01-01T00:05:00")
    assert len(records(aurorax, source)) == 4
    upload = restored(as_owner, address)
    assert upload.name.startswith("ephemeris records deleted 20")
    assert len(records(aurorax, source)) == 4, "Nothing is sent before somebody has seen what will be."
    assert "Send 6 new records" in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert records(aurorax, source) == before


def test_what_was_uploaded_anew_since_is_shown_as_a_change_before_it_is_replaced(
    as_owner: Client, address: str, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(2, lat=10.0))), "send")
    upload = restored(as_owner, address)
    assert (upload.new, upload.changed, upload.identical) == (4, 2, 0)


def test_data_products_come_back_too(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    header = "data_product_type,start,end,url"
    row = "keogram,2020-01-01T00:00:00,2020-01-01T23:59:59,a.jpg"
    act(as_owner, upload_file(csv_of(row, header=header), kind="products"), "send")
    address = deleted(as_owner, source, "products", start="2020-01-01T00:00:00", end="2020-01-02T00:00:00")
    act(as_owner, restored(as_owner, address), "send")
    assert [each.url for each in aurorax.products.search(source, DAY, DAY + timedelta(days=2))] == ["a.jpg"]


def test_it_is_offered_only_where_there_is_a_copy(as_owner: Client, address: str, source: DataSource) -> None:
    assert "Restore these records" in as_owner.get(address).content.decode()
    asked = as_owner.post(
        reverse("ephemeris-delete", args=[source.identifier]),
        {"start": "2020-01-01T00:06:00", "end": "2020-01-01T00:09:00"},
    )
    other = asked.headers["Location"]
    assert "Restore" not in as_owner.get(other).content.decode()
    assert as_owner.post(other, {"decision": "restore"}).status_code == 422
    assert Upload.objects.count() == 1


def test_who_may_not_upload_there_cannot_restore(as_owner2: Client, address: str) -> None:
    assert as_owner2.post(address, {"decision": "restore"}).status_code == 403
    assert Upload.objects.count() == 1
