"""The page on which tokens are made and revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Credential
from apps.accounts.sessions import erase_unused
from apps.aurorax import DataSource
from apps.tokens import retention, services
from apps.tokens.models import ApiToken
from tests.conftest import SignIn
from tests.support.tokens import MakeToken, Program

FORM = {"name": "weekly", "scopes": ["push", "undo"], "days": "90", "api_key": "sandbox-key-owner"}


def made(client: Client, **fields: object) -> str:
    answer = client.post(reverse("token-list"), FORM | fields)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode().partition('id="new-token">')[2].partition("<")[0]


def test_a_token_is_shown_once(as_owner: Client, source: DataSource) -> None:
    text = made(as_owner, sources=f"{source.identifier}")
    token = ApiToken.objects.get()
    assert (token.scopes, token.sources) == (["push", "undo"], [source.identifier])
    assert abs(token.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    page = as_owner.get(reverse("token-list")).content.decode()
    assert token.prefix in page
    assert text not in page
    about = Program(text).get("token").json()
    assert (about["person"], about["scopes"]) == ("owner@example.org", ["push", "undo"])
    assert "never" not in as_owner.get(reverse("token-list")).content.decode()  # last used


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Name"),
        ({"scopes": []}, "Choose at least one."),
        ({"sources": "103, all"}, "is no number of a data source"),
        ({"sources": "987654321"}, "AuroraX has no data source 987654321."),
        ({"days": "5000"}, "Ends after"),
        ({"api_key": ""}, "the portal has none"),
        ({"api_key": "mistyped"}, "AuroraX does not know this API key"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    as_owner: Client, wrong: dict[str, object], said: str
) -> None:
    answer = as_owner.post(reverse("token-list"), FORM | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_second_token_needs_no_key_typed_again(as_owner: Client) -> None:
    made(as_owner)
    second = made(as_owner, api_key="")
    assert Program(second).get("token").status_code == 200


def test_a_revoked_token_opens_nothing_and_its_key_is_erased(as_owner: Client) -> None:
    text = made(as_owner)
    token = ApiToken.objects.get()
    page = as_owner.post(reverse("token-revoke", args=[token.pk]), follow=True).content.decode()
    assert "is revoked" in page
    assert Program(text).get("token").status_code == 401
    assert not Credential.objects.live().filter(is_for_token=True).exists()


def test_nobody_revokes_a_token_of_somebody_else(make_token: MakeToken, as_owner2: Client) -> None:
    token, _ = make_token()
    assert as_owner2.post(reverse("token-revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.is_usable


def test_a_new_key_goes_under_all_tokens(as_owner: Client, source: DataSource) -> None:
    texts = [made(as_owner), made(as_owner)]
    for credential in Credential.objects.filter(is_for_token=True):
        credential.end()
    assert Program(texts[0]).get("token").json()["page"] == f"http://testserver{reverse('token-list')}"
    assert "takes your old API key no more" in as_owner.get(reverse("token-list")).content.decode()
    refused = as_owner.post(reverse("token-key"), {"api_key": "mistyped"})
    assert refused.status_code == 422
    as_owner.post(reverse("token-key"), {"api_key": "sandbox-key-owner"})
    assert [Program(text).get("token").status_code for text in texts] == [200, 200]


def test_tokens_outlive_every_sign_in(as_owner: Client, settings: Settings) -> None:
    text = made(as_owner)
    as_owner.post(reverse("sign-out-everywhere"))
    Credential.objects.update(used_at=timezone.now() - timedelta(days=10))
    erase_unused()
    assert Program(text).get("token").status_code == 200


def test_the_account_page_does_not_list_keys_of_tokens_as_sign_ins(as_owner: Client) -> None:
    made(as_owner)
    page = as_owner.get(reverse("account")).content.decode()
    assert page.count("Sign out the one of") == 1


def test_keys_of_expired_tokens_are_erased_and_old_tokens_forgotten(make_token: MakeToken) -> None:
    token, _ = make_token()
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    retention.erase_keys_of_expired()
    assert not Credential.objects.live().filter(is_for_token=True).exists()
    assert [*retention.over()] == []
    ApiToken.objects.update(expires_at=timezone.now() - retention.FORGOTTEN_AFTER - timedelta(days=1))
    for each in retention.over():
        each.remove()
    assert not ApiToken.objects.exists()
    assert token.pk


def test_there_is_an_end_to_how_many_tokens_one_person_has(
    make_token: MakeToken, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    make_token()
    assert "Revoke one" in sign_in("owner").post(reverse("token-list"), FORM).content.decode()
