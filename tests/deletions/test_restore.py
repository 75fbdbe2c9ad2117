"""Putting back what was deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.uploads.models import Upload
from apps.uploads.steps import guard
from tests.deletions.test_deletions import put
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.steps.test_put_back import after_write, once
from tests.uploads.test_sending import refuse

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


def test_what_somebody_has_put_there_since_is_left_alone_unless_chosen(
    as_owner: Client, address: str, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*(row.replace("state", "theirs") for row in minutes(2)))), "send")
    upload = restored(as_owner, address)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Restore 4 records, leave 2 alone" in page
    assert "Restore 6 records, replacing 2" in page
    assert "2 records somebody has put there since the deletion: they stay as they are" in page
    assert "2020-01-01T00:01:00" in page
    as_owner.post(f"{reverse('upload-send', args=[upload.pk])}?only=new")
    states = [record["metadata"]["state"] for record in records(aurorax, source)]
    assert states == ["theirs 0", "theirs 1", *(f"state {n}" for n in range(2, 10))]

    again = restored(as_owner, address)
    act(as_owner, again, "send")
    assert again.is_verified
    states = [record["metadata"]["state"] for record in records(aurorax, source)]
    assert states == [f"state {n}" for n in range(10)]


@pytest.mark.parametrize("query", ["", "?only=new"])
def test_what_somebody_puts_there_while_records_are_restored_is_left_alone_and_listed(
    as_owner: Client,
    address: str,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    query: str,
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 2
    settings.UPLOAD_CONNECTIONS = 1
    monkeypatch.setattr(guard, "FRESH", timedelta(0))  # a look serves for a minute, and this takes longer
    put(aurorax, source, range(1, 2), note="before the comparison")
    upload = restored(as_owner, address)
    with monkeypatch.context() as patched:
        late = once(lambda: put(aurorax, source, range(3, 6), note="late"))
        after_write(patched, "upload", late)
        page = as_owner.post(f"{reverse('upload-send', args=[upload.pk])}{query}", follow=True)
    upload.refresh_from_db()
    kept = {record["epoch"][14:16]: record["metadata"] for record in records(aurorax, source)}
    assert [kept[key] for key in ("03", "04", "05")] == [{"note": "late"}] * 3
    assert kept["02"] == {"state": "state 2"}
    assert kept["01"] == ({"note": "before the comparison"} if query else {"state": "state 1"})
    listed = [f"2020-01-01T00:0{n}:00" for n in (3, 4, 5)]
    assert (upload.report.others_listed, upload.missing) == (listed, 0)
    assert upload.sent == upload.verified == (2 if query else 3)
    assert "Done, not complete" in page.content.decode()
    assert all(key in page.content.decode() for key in listed)


def test_records_are_restored_under_the_names_of_now(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX
) -> None:
    aurorax.sources.update(source.identifier, {"program": "renamed", "platform": "elsewhere"})
    upload = restored(as_owner, address)
    assert (upload.valid, upload.with_problems) == (6, 0)
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert len(records(aurorax, aurorax.sources.get(source.identifier))) == 10


def test_a_record_aurorax_refuses_to_take_back_is_named_and_the_others_are_restored(
    as_owner: Client,
    address: str,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = restored(as_owner, address)
    with monkeypatch.context() as patched:
        refuse(patched, "00:03")
        page = act(as_owner, upload, "send")
    assert (upload.sent, upload.refused, upload.verified) == (5, 1, 5)
    assert "2020-01-01T00:03:00" in page
    assert len(records(aurorax, source)) == 9
