"""When AuroraX has ended somebody's session: the password is asked for in place, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

RECORD = {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "51.05", "location_geo.lon": "-114.07"}


def test_a_write_is_asked_about_and_then_goes_through(
    portal: SandboxProcess, as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source()
    address = reverse("ephemeris-add", args=[source.identifier])
    portal.expire_sessions()

    asked = as_owner.post(address, RECORD)
    assert asked.status_code == 401
    page = asked.content.decode()
    assert "Nothing you typed is lost" in page
    for name, value in RECORD.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert not _stored(aurorax, source)

    wrong = as_owner.post(address, RECORD | {"sign_in_again": "wrong"})
    assert wrong.status_code == 401
    assert "AuroraX does not know this sign-in" in wrong.content.decode()
    assert 'value="51.05"' in wrong.content.decode()

    assert as_owner.post(address, RECORD | {"sign_in_again": "sandbox-owner"}).status_code == 302
    assert _stored(aurorax, source)


def test_reading_goes_on_at_the_same_address(portal: SandboxProcess, as_admin: Client) -> None:
    portal.expire_sessions()
    asked = as_admin.get("/people/?role=Owner")
    assert asked.status_code == 401
    assert "Nothing you typed is lost" not in asked.content.decode()
    answer = {"sign_in_again": "sandbox-admin", "sign_in_again_to_read": "yes"}
    renewed = as_admin.post("/people/?role=Owner", answer)
    assert (renewed.status_code, renewed.headers["Location"]) == (302, "/people/?role=Owner")
    assert as_admin.get("/people/?role=Owner").status_code == 200


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("http://testserver/people/?role=User", "/people/?role=Owner"),
        ("http://testserver/?tab=people", "/?tab=people"),
        ("https://elsewhere.example/", "/people/?role=Owner"),
    ],
)
def test_in_a_fragment_the_question_takes_the_whole_page(
    portal: SandboxProcess, as_admin: Client, page: str, address: str
) -> None:
    portal.expire_sessions()
    headers = {"HX-Request": "true", "HX-Target": "div#people-table", "HX-Current-URL": page}
    asked = as_admin.get("/people/?role=Owner", headers=headers)
    assert asked.status_code == 401
    assert asked.headers["HX-Retarget"] == "body"
    assert f'action="{address}"' in asked.content.decode()


def test_the_secret_never_comes_back_in_the_page(portal: SandboxProcess, as_admin: Client) -> None:
    portal.expire_sessions()
    asked = as_admin.post("/people/", {"sign_in_again": "a-wrong-secret", "sign_in_again_to_read": "yes"})
    assert "a-wrong-secret" not in asked.content.decode()
    assert Credential.objects.count() == 1


def _stored(client: AuroraX, source: DataSource) -> bool:
    stats = client.sources.get(source.identifier, include_stats=True).stats
    return bool(stats and stats.ephemeris_count)


def test_guesses_are_counted_here_as_well(
    portal: SandboxProcess, as_owner: Client, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS = 2
    portal.expire_sessions()
    for guess in ("one", "two"):
        as_owner.post("/permissions/", {"sign_in_again": guess})
    asked = as_owner.post("/permissions/", {"sign_in_again": "sandbox-owner"})
    assert asked.status_code == 401
    assert "Too many attempts" in asked.content.decode()
