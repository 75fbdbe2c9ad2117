"""Data sources that went quiet."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.notifications import quiet, tasks
from apps.notifications.models import Notice, Topic
from apps.sources.models import RepairNote
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess


@pytest.fixture
def silent(aurorax: AuroraX, source: DataSource) -> DataSource:
    """A data source with a record a day until a month ago."""
    from datetime import UTC, datetime  # noqa: PLC0415

    last = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=30)
    records = [EphemerisRecord(last - timedelta(days=n)) for n in range(20)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return source


def told(source: DataSource) -> list[Notice]:
    return [*Notice.objects.filter(topic=Topic.QUIET, thing=f"source {source.identifier}")]


def test_its_people_are_told_once_by_the_rule_of_the_overview(
    as_owner: Client, as_maintainer: Client, as_owner2: Client, silent: DataSource
) -> None:
    overview = as_owner.get(reverse("overview-counted")).content.decode()
    assert "for 30 days" in overview
    for _ in range(2):
        for person in User.objects.all():
            quiet.tell_of_quiet(person, AuroraX())
    found = told(silent)
    assert {each.person.username for each in found} == {"owner@example.org", "maintainer@example.org"}
    assert len(found) == 2
    assert found[0].subject == f"{silent.display_name} has gone quiet"
    assert f"No ephemeris records after {date.today() - timedelta(days=30)}" in found[0].message  # noqa: DTZ011


def test_while_it_is_in_repair_nobody_is_told(
    as_owner: Client, as_maintainer: Client, silent: DataSource
) -> None:
    page, today = reverse("source-repair", args=[silent.identifier]), timezone.now().date()
    as_maintainer.post(page, {"until": f"{today + timedelta(days=3)}", "reason": "Lightning."})
    owner = User.objects.get(username="owner@example.org")
    quiet.tell_of_quiet(owner, AuroraX())
    assert told(silent) == []
    shown = as_owner.get(reverse("source-detail", args=[silent.identifier])).content.decode()
    assert "Lightning." in shown
    assert "maintainer@example.org" in shown
    assert "for 30 days" not in as_owner.get(reverse("overview-counted")).content.decode()
    RepairNote.objects.update(until=today - timedelta(days=1))  # the day has gone by
    assert "for 30 days" in as_owner.get(reverse("overview-counted")).content.decode()
    quiet.tell_of_quiet(owner, AuroraX())
    assert len(told(silent)) == 1


def test_it_works_again_when_somebody_says_so(as_owner: Client, source: DataSource) -> None:
    page, today = reverse("source-repair", args=[source.identifier]), timezone.now().date()
    as_owner.post(page, {"until": f"{today}"})
    as_owner.post(page, {"works": "on"})
    assert not RepairNote.objects.exists()
    summaries = [event.summary for event in Event.objects.about_source(source.identifier)]
    assert summaries == ["Noted that it is in repair no more", f"Noted that it is in repair until {today}"]


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2199-01-01"])
def test_a_day_that_cannot_be_meant_is_refused(as_owner: Client, source: DataSource, until: str) -> None:
    page = reverse("source-repair", args=[source.identifier])
    assert as_owner.post(page, {"until": until}).status_code == 422
    assert not RepairNote.objects.exists()


def test_it_is_looked_for_once_a_day(
    as_owner: Client, silent: DataSource, portal: SandboxProcess, sent: Sent
) -> None:
    tasks.ask_about_quiet()
    assert len(told(silent)) == 1
    sent.clear()
    tasks.ask_about_quiet()
    assert sent == []


def test_an_aurorax_that_is_away_tells_nobody_anything(
    as_owner: Client, silent: DataSource, portal: SandboxProcess
) -> None:
    with portal.switched(drop_before=1):
        tasks.ask_about_quiet()
    assert told(silent) == []
