"""Deleting a data source."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, errors
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """An empty data source."""
    return new_source(display_name="To be gone")


def delete(source: DataSource) -> str:
    return reverse("source-delete", args=[source.identifier])


def exists(aurorax: AuroraX, source: DataSource) -> bool:
    try:
        aurorax.sources.get(source.identifier)
    except errors.NotFound:
        return False
    return True


@pytest.mark.parametrize("typed", ["To be gone", "  To be gone ", "identifier"])
def test_typing_its_name_or_number_deletes_it(
    as_owner: Client, source: DataSource, aurorax: AuroraX, typed: str
) -> None:
    confirmation = str(source.identifier) if typed == "identifier" else typed
    answer = as_owner.post(delete(source), {"confirmation": confirmation}, follow=True)
    assert answer.redirect_chain == [(reverse("source-list"), 302)]
    assert "is deleted" in answer.content.decode()
    assert not exists(aurorax, source)
    assert Event.objects.get(action="source.delete").before == source.to_api()


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Type the display name or the identifier to confirm"), ("to be GONE", "names another data source")],
)
def test_without_the_name_nothing_is_deleted(
    as_owner: Client, source: DataSource, aurorax: AuroraX, typed: str, message: str
) -> None:
    answer = as_owner.post(delete(source), {"confirmation": typed})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert exists(aurorax, source)


def test_data_that_remains_is_told_with_the_way_forward(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    record = EphemerisRecord(datetime(2020, 1, 1, tzinfo=UTC))
    aurorax.ephemeris.upload(source.identifier, [record], source=source)
    answer = as_owner.post(delete(source), {"confirmation": "To be gone"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "as long as it holds data" in html
    assert "1 ephemeris record<" in html
    assert reverse("ephemeris-delete", args=[source.identifier]) in html
    assert exists(aurorax, source)
    assert Event.objects.get(action="source.delete").outcome == "refused"


def test_data_that_is_not_counted_yet_is_explained(
    as_owner: Client, source: DataSource, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    portal.switch(ingest_delay=60)
    record = EphemerisRecord(datetime(2020, 1, 1, tzinfo=UTC))
    aurorax.ephemeris.upload(source.identifier, [record], source=source)
    answer = as_owner.post(delete(source), {"confirmation": "To be gone"})
    assert answer.status_code == 422
    assert "may still be under way" in answer.content.decode()
    assert exists(aurorax, source)


@pytest.mark.parametrize("person", ["as_user", "as_maintainer", "as_owner2"])
def test_others_may_not_delete(
    person: str, request: pytest.FixtureRequest, source: DataSource, aurorax: AuroraX
) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get(delete(source)).status_code == 403
    assert client.post(delete(source), {"confirmation": "To be gone"}).status_code == 403
    assert exists(aurorax, source)
