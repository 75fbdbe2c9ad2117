"""What is unusual about records that AuroraX holds is found in the background, by who keeps them."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.health.checking import check_health
from apps.health.models import CheckState, HealthCheck
from tests.conftest import NewSource, Sent

NIGHT = datetime(2020, 1, 1, 5, tzinfo=UTC)
GILLAM = Location(56.3767, -94.6437)


def address(source: DataSource, page: str = "source-health") -> str:
    return reverse(page, args=[source.identifier])


def look(client: Client, source: DataSource, days: str = "") -> str:
    answer = client.post(address(source, "source-health-look"), {"days": days}, follow=True)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(instrument_type="panchromatic ASI", maintainers=["maintainer@example.org"])


def keep(
    aurorax: AuroraX, source: DataSource, begin: datetime, *, minutes: int = 60, place: Location = GILLAM
) -> None:
    records = [EphemerisRecord(begin + timedelta(minutes=at), location_geo=place) for at in range(minutes)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


def keogram(day: int) -> DataProductRecord:
    begin = datetime(2020, 1, day, tzinfo=UTC)
    return DataProductRecord(
        "keogram", begin, begin + timedelta(hours=23), f"https://data.example.org/{day}.jpg"
    )


def test_what_is_right_is_found_to_be_nothing_unusual(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    keep(aurorax, source, NIGHT)
    aurorax.products.upload(source.identifier, [keogram(1)], source=source)
    html = look(as_owner, source)
    assert html.count("Nothing unusual was found.") == 2
    assert "60 looked at" in html
    assert "from 2020-01-01 to 2020-01-01" in html


def test_records_that_are_wrong_are_named_by_their_time(
    as_maintainer: Client, source: DataSource, aurorax: AuroraX
) -> None:
    keep(aurorax, source, NIGHT)
    keep(aurorax, source, NIGHT + timedelta(days=1), minutes=2, place=Location(56.3767, 94.6437))
    html = look(as_maintainer, source)
    assert "2 records stand up to" in html
    assert "2020-01-02T05:00, 2020-01-02T05:01" in html


def test_products_of_days_without_ephemeris_are_told(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    keep(aurorax, source, NIGHT)
    aurorax.products.upload(source.identifier, [keogram(day) for day in (1, 2, 9)], source=source)
    html = look(as_owner, source)
    assert "1 data product is of days on which, and around which," in html
    assert "the first is https://data.example.org/9.jpg, 2020-01-09T00:00." in html


def test_only_the_chosen_days_are_looked_at(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    keep(aurorax, source, NIGHT)
    keep(aurorax, source, NIGHT + timedelta(days=400), minutes=5)
    html = look(as_owner, source, "31")
    assert "from 2021-01-05 to 2021-02-04" in html
    assert "5 looked at" in html


def test_a_source_without_records_is_said_to_have_none(as_owner: Client, source: DataSource) -> None:
    assert "AuroraX holds no records of this data source yet." in look(as_owner, source)
    assert not HealthCheck.objects.exists()


def test_everybody_sees_what_was_found_and_only_who_keeps_the_records_looks(
    as_owner: Client, as_user: Client, source: DataSource, aurorax: AuroraX, sent: Sent
) -> None:
    keep(aurorax, source, NIGHT)
    look(as_owner, source)
    html = as_user.get(address(source)).content.decode()
    assert "Nothing unusual was found." in html
    assert "health-look" not in html
    assert as_user.post(address(source, "source-health-look"), {"days": ""}).status_code == 403


def test_a_span_that_is_not_offered_is_refused(as_owner: Client, source: DataSource) -> None:
    answer = as_owner.post(address(source, "source-health-look"), {"days": "7"})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()


def test_a_look_that_was_cut_off_begins_again_and_ends(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    keep(aurorax, source, NIGHT)
    look(as_owner, source)
    check = HealthCheck.objects.get()
    HealthCheck.objects.filter(pk=check.pk).update(state=CheckState.RUNNING, done=1, found={})
    html = as_owner.get(address(source)).content.decode()
    assert 'hx-trigger="every 1s"' in html
    check_health.func(str(check.pk))
    check.refresh_from_db()
    assert check.state == CheckState.DONE
    assert check.found["ephemeris"]["records"] == 60
    assert (
        "hx-trigger"
        not in as_owner.get(address(source)).content.decode().partition('id="source-health"')[2][:300]
    )


def test_only_the_last_few_looks_are_kept(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    keep(aurorax, source, NIGHT)
    for _ in range(7):
        look(as_owner, source)
    assert HealthCheck.objects.count() == 5
