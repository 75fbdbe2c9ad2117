"""Undoing what was done to single records: put back through the copy that was kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.permissions import Action
from apps.records import services
from tests.conftest import NewSource
from tests.sources.forms import Form
from tests.undo.pages import newest, preview, undo

DAY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=["maintainer@example.org"])


@pytest.fixture
def around(aurorax: AuroraX, source: DataSource) -> list[dict[str, Any]]:
    """Three minutes; what is done is done to the middle one."""
    minutes = [DAY, DAY + timedelta(minutes=1), DAY + timedelta(minutes=2)]
    place = Location(51.123456789012345, -114.07)
    records = [EphemerisRecord(epoch=each, location_geo=place, metadata={"n": 0.1 + 0.2}) for each in minutes]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return held(aurorax, source)


def held(aurorax: AuroraX, source: DataSource) -> list[dict[str, Any]]:
    return [each.to_api() for each in aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))]


def save(client: Client, source: DataSource, minute: datetime, **changes: str) -> Event:
    address = reverse("ephemeris-edit", args=[source.identifier, minute])
    fields = Form(client.get(address).content.decode(), "*").values | changes
    answer = client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()
    return newest(source_identifier=source.identifier)


def add(client: Client, source: DataSource, epoch: str) -> Event:
    answer = client.post(
        reverse("ephemeris-add", args=[source.identifier]), {"epoch": epoch, "why": "it was missing"}
    )
    assert answer.status_code == 302, answer.content.decode()
    return newest(source_identifier=source.identifier)


def test_a_changed_record_comes_back_to_the_last_digit_and_its_undo_is_undone(
    as_owner: Client, source: DataSource, aurorax: AuroraX, around: list[dict[str, Any]]
) -> None:
    event = save(as_owner, source, DAY + timedelta(minutes=1), **{"location_geo.lat": "10", "why": "moved"})
    changed = held(aurorax, source)
    assert changed != around
    assert event.note == "moved"
    undone = undo(as_owner, event)
    assert held(aurorax, source) == around
    undo(as_owner, undone)
    assert held(aurorax, source) == changed


def test_an_added_record_goes_and_no_minute_beside_it(
    as_owner: Client, source: DataSource, aurorax: AuroraX, around: list[dict[str, Any]]
) -> None:
    event = add(as_owner, source, "2020-01-01T00:03:00")
    assert event.note == "it was missing"
    added = held(aurorax, source)
    assert len(added) == 4
    undone = undo(as_owner, event)
    assert held(aurorax, source) == around
    assert undone.action == "ephemeris.delete"
    assert Snapshot.objects.filter(pk=str(undone.snapshot)).count() == 1
    undo(as_owner, undone)
    assert held(aurorax, source) == added


def test_what_somebody_has_changed_since_is_left_alone_unless_chosen(
    as_owner: Client,
    as_maintainer: Client,
    source: DataSource,
    aurorax: AuroraX,
    around: list[dict[str, Any]],
) -> None:
    middle = DAY + timedelta(minutes=1)
    event = save(as_owner, source, middle, **{"location_geo.lat": "10"})
    save(as_maintainer, source, middle, **{"location_geo.lat": "20"})
    theirs = held(aurorax, source)
    assert "Put back all the same" in preview(as_owner, event)
    assert undo(as_owner, event) == event
    assert held(aurorax, source) == theirs
    undone = undo(as_owner, event, "record")
    assert held(aurorax, source) == around
    undo(as_owner, undone)
    assert held(aurorax, source) == theirs


def test_a_data_product_comes_back_and_an_added_one_goes(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    other = DataProductRecord("keogram", DAY, DAY + timedelta(hours=1), "other.jpg")
    aurorax.products.upload(source.identifier, [other], source=source)
    posted = {"data_product_type": "keogram", "start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:00"}
    as_owner.post(reverse("products-add", args=[source.identifier]), posted | {"url": "a.jpg"})
    event = newest(source_identifier=source.identifier)
    assert event.record_kind == "products"
    undone = undo(as_owner, event)
    urls = [each.url for each in aurorax.products.search(source, DAY, DAY + timedelta(days=1))]
    assert urls == ["other.jpg"]
    undo(as_owner, undone)
    urls = sorted(each.url for each in aurorax.products.search(source, DAY, DAY + timedelta(days=1)))
    assert urls == ["a.jpg", "other.jpg"]


def test_without_its_copy_a_record_comes_back_as_the_event_has_it(
    as_owner: Client, source: DataSource, aurorax: AuroraX, around: list[dict[str, Any]]
) -> None:
    event = save(as_owner, source, DAY, **{"location_geo.lat": "10"})
    Snapshot.objects.update(file="")
    undo(as_owner, event)
    assert held(aurorax, source) == around


def test_who_may_not_write_there_may_not_undo(
    as_owner: Client, as_owner2: Client, as_user: Client, source: DataSource, around: list[dict[str, Any]]
) -> None:
    event = save(as_owner, source, DAY, **{"location_geo.lat": "10"})
    address = reverse("activity-undo", args=[event.pk])
    for client in (as_owner2, as_user):
        assert client.get(address).status_code == 403
        assert client.post(address, {"seen": "x"}).status_code == 403
        page = client.get(reverse("activity-detail", args=[event.pk])).content.decode()
        assert address not in page
        assert reverse("snapshot-download", args=[event.snapshot]) not in page
        assert client.get(reverse("snapshot-download", args=[event.snapshot])).status_code == 403


def test_a_record_is_not_deleted_once_it_is_another(
    as_owner: Client, source: DataSource, aurorax: AuroraX, around: list[dict[str, Any]]
) -> None:
    from apps.accounts.models import User  # noqa: PLC0415
    from apps.records.types import type_of  # noqa: PLC0415

    by = User.objects.get(email="owner@example.org")
    with pytest.raises(services.ChangedMeanwhile):
        services.remove(
            by=by,
            kind=type_of("ephemeris"),
            client=aurorax,
            source=source,
            record=around[0] | {"location_geo": {"lat": 1.0, "lon": 1.0}},
        )
    assert held(aurorax, source) == around
    assert Action.EPHEMERIS_DELETE not in Event.objects.values_list("action", flat=True)
