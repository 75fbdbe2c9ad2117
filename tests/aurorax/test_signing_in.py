"""Signing in and out, at the client's edge."""

import pytest
import responses

from apps.aurorax import AuroraX, errors, sign_in
from tests.aurorax.asked import sent
from tests.aurorax.conftest import API

AUTHENTICATE = f"{API}/api/v1/authenticate"
ACCOUNT = {"email_address": "owner@example.org", "role": "Owner", "first_name": "Olga", "disabled": False}


def test_the_token_is_the_header_word_for_word(api: responses.RequestsMock) -> None:
    api.post(AUTHENTICATE, json=ACCOUNT, headers={"Authorization": "Bearer abc.def"})
    signed_in = sign_in("owner@example.org", "sandbox-owner", API)
    assert signed_in.account.role == "Owner"
    assert (signed_in.credential.kind, signed_in.credential.secret) == ("access_token", "Bearer abc.def")
    assert sent(api) == {
        "email_address": "owner@example.org",
        "password": "sandbox-owner",
    }


def test_a_wrong_password_is_told(api: responses.RequestsMock) -> None:
    api.post(
        AUTHENTICATE, status=401, json={"error_code": "NotAuthenticated", "error_message": "Unauthorized."}
    )
    with pytest.raises(errors.NotSignedIn, match="this e-mail address with this password") as caught:
        sign_in("owner@example.org", "wrong", API)
    assert caught.value.status == 401


def test_an_answer_without_a_token_is_an_error(api: responses.RequestsMock) -> None:
    api.post(AUTHENTICATE, json=ACCOUNT)
    with pytest.raises(errors.UnreadableAnswer, match="without a token"):
        sign_in("owner@example.org", "sandbox-owner", API)


def test_an_answer_without_an_account_is_an_error(api: responses.RequestsMock) -> None:
    api.post(AUTHENTICATE, json={}, headers={"Authorization": "Bearer abc.def"})
    with pytest.raises(errors.UnreadableAnswer):
        sign_in("owner@example.org", "sandbox-owner", API)


def test_signing_out_sends_the_token(api: responses.RequestsMock) -> None:
    api.post(AUTHENTICATE, json=ACCOUNT, headers={"Authorization": "Bearer abc.def"})
    api.post(f"{AUTHENTICATE}/end_session", body="")
    AuroraX(sign_in("owner@example.org", "sandbox-owner", API).credential, API).end_session()
    assert api.calls[1].request.headers["Authorization"] == "Bearer abc.def"
