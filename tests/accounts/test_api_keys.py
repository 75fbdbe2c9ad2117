"""Signing in with an API key: AuroraX tells whose key it is only where it belongs to an Administrator."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.background import live_credential, open_credential
from apps.accounts.models import Credential, User
from apps.accounts.services import SignInRefused, sign_in_again
from apps.aurorax import AuroraX
from tests.support.sandbox import SandboxProcess

KEY_PAGE = "/sign-in/?with=key"


def with_key(client: Client, email: str, api_key: str) -> Any:
    return client.post(KEY_PAGE, {"email": email, "api_key": api_key})


def again(api_key: str) -> None:
    """Enter a key where AuroraX has refused the one before."""
    request = RequestFactory().post("/")
    sign_in_again(request=request, credential=Credential.objects.get(), secret=api_key)


def test_the_key_page_names_its_fields(portal: SandboxProcess, client: Client) -> None:
    page = client.get(KEY_PAGE).content.decode()
    for words in ("E-mail address", "API key", "Sign in with the key</button>"):
        assert words in page


def test_an_administrators_key_proves_the_address(portal: SandboxProcess, client: Client) -> None:
    assert with_key(client, "admin@example.org", "sandbox-key-admin").status_code == 302
    user = User.objects.get()
    assert (user.username, user.role, user.email_is_proved) == ("admin@example.org", "Administrator", True)


@pytest.mark.parametrize(
    ("name", "role"), [("owner", "Owner"), ("maintainer", "Maintainer"), ("user", "User")]
)
def test_behind_another_key_the_role_follows_from_the_sources(
    portal: SandboxProcess, client: Client, name: str, role: str
) -> None:
    assert with_key(client, f"{name}@example.org", f"sandbox-key-{name}").status_code == 302
    user = User.objects.get()
    assert (user.email, user.role, user.email_is_proved) == (f"{name}@example.org", role, False)


def test_somebody_who_states_anothers_address_does_not_become_that_person(
    portal: SandboxProcess, as_owner: Client, client: Client
) -> None:
    owner = User.objects.get()
    assert with_key(client, "owner@example.org", "sandbox-key-user").status_code == 302
    stranger = User.objects.exclude(pk=owner.pk).get()
    assert not stranger.email_is_proved
    assert owner.credentials.count() == 1
    assert client.session["_auth_user_id"] == str(stranger.pk)


def test_an_administrators_key_never_makes_somebody_another_person(
    portal: SandboxProcess, client: Client
) -> None:
    answer = with_key(client, "owner@example.org", "sandbox-key-admin")
    assert answer.status_code == 422
    assert "Check the e-mail address" in answer.content.decode()
    assert not User.objects.exists()


def test_an_unknown_key_is_refused_and_the_address_kept(portal: SandboxProcess, client: Client) -> None:
    answer = with_key(client, "owner@example.org", "no-such-key")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "AuroraX does not know this sign-in" in page
    assert 'value="owner@example.org"' in page
    assert "no-such-key" not in page


def test_the_same_key_is_the_same_person_again(portal: SandboxProcess, client: Client) -> None:
    with_key(client, "user@example.org", "sandbox-key-user")
    with_key(client, "user@example.org", "sandbox-key-user")
    assert User.objects.count() == 1


def test_another_key_is_not_put_under_an_existing_sign_in(portal: SandboxProcess, client: Client) -> None:
    with_key(client, "user@example.org", "sandbox-key-user")
    with pytest.raises(SignInRefused, match="another key"):
        again("sandbox-key-owner")
    again("sandbox-key-user")


def test_an_administrator_may_go_on_with_a_new_key_of_an_administrator(
    portal: SandboxProcess, client: Client
) -> None:
    with_key(client, "admin@example.org", "sandbox-key-admin")
    with pytest.raises(SignInRefused):
        again("sandbox-key-owner")
    again("sandbox-key-admin")


def test_background_work_uses_the_newest_live_sign_in(portal: SandboxProcess, client: Client) -> None:
    with_key(client, "admin@example.org", "sandbox-key-admin")
    user = User.objects.get()
    credential = live_credential(user)
    assert credential
    assert AuroraX(open_credential(credential)).accounts.list()
    client.post(reverse("sign-out"))
    assert live_credential(user) is None
