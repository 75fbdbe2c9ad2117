"""Signing in and out."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import Credential, User
from apps.aurorax import AuroraX, errors
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess

PASSWORD = {"email": "owner@example.org", "password": "sandbox-owner"}


def test_the_page_names_its_fields_and_the_sandbox_accounts(portal: SandboxProcess, client: Client) -> None:
    page = client.get(reverse("sign-in")).content.decode()
    for words in (
        "E-mail address",
        "Password",
        "Sign in</button>",
        "maintainer@example.org",
        "sandbox-key-admin",
    ):
        assert words in page


def test_a_password_signs_in_and_tells_the_role(portal: SandboxProcess, client: Client) -> None:
    answer = client.post(reverse("sign-in"), PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("overview")
    user = User.objects.get()
    assert (user.email, user.role, user.email_is_proved) == ("owner@example.org", "Owner", True)
    assert not user.has_usable_password()


def test_a_wrong_password_is_explained_and_the_address_kept(portal: SandboxProcess, client: Client) -> None:
    answer = client.post(reverse("sign-in"), PASSWORD | {"password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "AuroraX does not know this sign-in" in page
    assert 'value="owner@example.org"' in page
    assert "wrong" not in page.replace("is-wrong", "")
    assert not User.objects.exists()


def test_an_empty_form_is_explained_beside_each_field(portal: SandboxProcess, client: Client) -> None:
    answer = client.post(reverse("sign-in"), {"email": "", "password": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "password"}


def test_aurorax_down_is_a_sentence(portal: SandboxProcess, client: Client) -> None:
    with portal.switched(errors="503=1"):
        answer = client.post(reverse("sign-in"), PASSWORD)
    assert answer.status_code == 422
    assert "Try again" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/permissions/", "/permissions/"),
        ("/sources/?program=swarm", "/sources/?program=swarm"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_only_pages_of_the_portal_are_gone_to_next(
    portal: SandboxProcess, client: Client, wanted: str, reached: str
) -> None:
    answer = client.post(reverse("sign-in"), PASSWORD | {"next": wanted})
    assert answer.headers["Location"] == reached


def test_reading_while_signed_out_leads_to_the_sign_in_page_and_back(
    portal: SandboxProcess, client: Client
) -> None:
    asked = client.get("/permissions/")
    assert asked.headers["Location"] == "/sign-in/?next=/permissions/"
    page = client.get(asked.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/permissions/">' in page


def test_writing_while_signed_out_is_refused(portal: SandboxProcess, client: Client) -> None:
    assert client.post(reverse("sign-out")).status_code == 401


def test_sign_out_ends_the_aurorax_session_and_forgets_the_secret(
    portal: SandboxProcess, as_owner: Client
) -> None:
    credential = Credential.objects.get()
    stolen = credential.opened()
    assert as_owner.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")
    credential.refresh_from_db()
    assert credential.ended_at is not None
    assert bytes(credential.encrypted_secret) == b""
    with pytest.raises(errors.NotSignedIn):
        AuroraX(stolen).sources.update(1, {"display_name": "Taken over"})
    assert as_owner.get("/permissions/").status_code == 302


def test_sign_out_works_while_aurorax_does_not_answer(portal: SandboxProcess, as_owner: Client) -> None:
    with portal.switched(errors="503=1"):
        assert as_owner.post(reverse("sign-out")).status_code == 302
    assert as_owner.get("/permissions/").status_code == 302


def test_a_link_cannot_sign_anybody_out(as_owner: Client) -> None:
    assert as_owner.get(reverse("sign-out")).status_code == 405


def test_after_too_many_failures_even_the_right_password_waits(
    portal: SandboxProcess, client: Client, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS = 3
    for _ in range(3):
        client.post(reverse("sign-in"), PASSWORD | {"password": "wrong"})
    answer = client.post(reverse("sign-in"), PASSWORD)
    assert "Too many attempts" in answer.content.decode()
    other = client.post(reverse("sign-in"), {"email": "user@example.org", "password": "sandbox-user"})
    assert other.status_code == 302


def test_the_limit_does_not_count_an_aurorax_that_fails(
    portal: SandboxProcess, client: Client, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS = 1
    with portal.switched(errors="503=1"):
        client.post(reverse("sign-in"), PASSWORD)
    assert client.post(reverse("sign-in"), PASSWORD).status_code == 302


def test_everybody_has_a_place_to_go(sign_in: SignIn) -> None:
    for name in ("admin", "owner", "owner2", "maintainer", "user"):
        assert sign_in(name).get("/permissions/").status_code == 200
