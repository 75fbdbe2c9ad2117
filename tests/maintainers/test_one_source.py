"""The tab Maintainers of a data source."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source with one maintainer."""
    return new_source(maintainers=["maintainer@example.org"], display_name="Tended")


def add(client: Client, source: DataSource, email: str) -> tuple[int, str]:
    answer = client.post(reverse("maintainers-add", args=[source.identifier]), {"email": email}, follow=True)
    return answer.status_code, answer.content.decode()


def remove(client: Client, source: DataSource, email: str, **more: str) -> tuple[int, str]:
    address = reverse("maintainers-remove", args=[source.identifier])
    answer = client.post(address, {"email": email, **more}, follow=True)
    return answer.status_code, answer.content.decode()


def now(aurorax: AuroraX, source: DataSource) -> tuple[str, ...]:
    return aurorax.sources.get(source.identifier).maintainers


def test_somebody_is_added_and_the_others_stay(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    status, html = add(as_owner, source, " new@example.org ")
    assert (status, "new@example.org is now a maintainer of Tended." in html) == (200, True)
    assert now(aurorax, source) == ("maintainer@example.org", "new@example.org")
    event = Event.objects.get(action="maintainers.assign")
    assert event.summary == "Added new@example.org to the maintainers"
    assert event.before == {"maintainers": ["maintainer@example.org"]}
    assert event.after == {"maintainers": ["maintainer@example.org", "new@example.org"]}


def test_an_address_is_spelt_as_it_is_known(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    add(as_owner, source, "OWNER2@example.org")
    assert "owner2@example.org" in now(aurorax, source)


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Give the e-mail address of an AuroraX account."),
        ("nobody", "This is not an e-mail address."),
        ("two@example.org, three@example.org", "This is not an e-mail address."),
        ("x" * 250 + "@example.org", "too long"),
        ("Maintainer@Example.org", "is a maintainer of this data source already"),
        ("owner@example.org", "owns this data source"),
    ],
)
def test_an_address_that_makes_no_sense_is_explained_and_kept(
    as_owner: Client, source: DataSource, aurorax: AuroraX, email: str, message: str
) -> None:
    status, html = add(as_owner, source, email)
    assert status == 422
    assert message in html
    assert f'value="{email}"' in html or not email
    assert now(aurorax, source) == ("maintainer@example.org",)


def test_one_of_several_is_removed_at_once(as_owner: Client, new_source: NewSource, aurorax: AuroraX) -> None:
    source = new_source(maintainers=["a@example.org", "b@example.org"])
    status, html = remove(as_owner, source, "A@example.org")
    assert (status, "a@example.org is no longer a maintainer" in html) == (200, True)
    assert now(aurorax, source) == ("b@example.org",)
    assert (
        Event.objects.get(action="maintainers.assign").summary == "Removed a@example.org from the maintainers"
    )


def test_the_last_one_is_removed_only_after_a_question(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    _, html = remove(as_owner, source, "maintainer@example.org")
    assert "is the last maintainer of Tended" in html
    assert now(aurorax, source) == ("maintainer@example.org",)
    remove(as_owner, source, "maintainer@example.org", confirmed="on")
    assert now(aurorax, source) == ()


def test_removing_oneself_is_asked_about(as_admin: Client, new_source: NewSource, aurorax: AuroraX) -> None:
    source = new_source(maintainers=["admin@example.org", "b@example.org"])
    _, html = remove(as_admin, source, "admin@example.org")
    assert "This is your own address" in html
    assert len(now(aurorax, source)) == 2


def test_removing_somebody_who_is_gone_already_is_no_fault(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    _, html = remove(as_owner, source, "gone@example.org")
    assert "gone@example.org was not a maintainer" in html
    assert not Event.objects.exists()


def test_a_removal_that_names_nobody_says_so(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    _, html = remove(as_owner, source, "")
    assert "Nobody was removed" in html


def test_known_addresses_are_offered(as_owner: Client, as_admin: Client, source: DataSource) -> None:
    address = reverse("maintainers-source", args=[source.identifier])
    offered = '<option value="user@example.org">'
    assert offered not in as_owner.get(address).content.decode()
    assert '<option value="owner2@example.org">' in as_owner.get(address).content.decode()
    assert offered in as_admin.get(address).content.decode()


@pytest.mark.parametrize("person", ["as_user", "as_maintainer", "as_owner2"])
def test_others_look_and_change_nothing(
    person: str, request: pytest.FixtureRequest, source: DataSource, aurorax: AuroraX
) -> None:
    client: Client = request.getfixturevalue(person)
    html = client.get(reverse("maintainers-source", args=[source.identifier])).content.decode()
    assert "maintainer@example.org" in html
    assert "Add maintainer" not in html
    assert "Assign and remove maintainers: not possible" in html
    assert add(client, source, "new@example.org")[0] == 403
    assert remove(client, source, "maintainer@example.org", confirmed="on")[0] == 403
    assert now(aurorax, source) == ("maintainer@example.org",)
