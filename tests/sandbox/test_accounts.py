"""Signing in and out, keys, and the listing of accounts."""

import time

import pytest
import requests

from tests.sandbox.conftest import Api, As
from tests.support.sandbox import SandboxProcess

ACCOUNT = [
    "account_id", "upload_username", "email_address", "email_confirmed", "first_name", "last_name", "role",
    "agree_terms", "this_login", "last_login", "disabled",
]  # fmt: skip
PEOPLE = {
    "admin": "Administrator",
    "owner": "Owner",
    "owner2": "Owner",
    "maintainer": "Maintainer",
    "user": "User",
}


def _sign_in(anyone: Api, name: str = "owner") -> requests.Response:
    body = {"email_address": f"{name}@example.org", "password": f"sandbox-{name}"}
    return anyone.post("/authenticate", body)


def _with_token(sandbox: SandboxProcess, anyone: Api, name: str = "owner") -> Api:
    return Api(sandbox.url, {"Authorization": _sign_in(anyone, name).headers["Authorization"]})


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_signs_in_with_the_published_password(anyone: Api, name: str) -> None:
    answer = _sign_in(anyone, name)
    assert answer.status_code == 200
    assert list(answer.json()) == ACCOUNT
    assert answer.json()["role"] == PEOPLE[name]
    assert answer.headers["Authorization"].startswith("Bearer ")


def test_the_previous_sign_in_is_remembered(anyone: Api) -> None:
    first = _sign_in(anyone).json()
    assert first["last_login"] is None
    assert _sign_in(anyone).json()["last_login"] == first["this_login"]


@pytest.mark.parametrize("body", [{"password": "x"}, {"email_address": 1, "password": "x"}, []])
def test_a_sign_in_with_a_missing_parameter_is_refused(anyone: Api, body: object) -> None:
    assert anyone.post("/authenticate", body).status_code == 400


@pytest.mark.parametrize("email_address", ["owner@example.org", "nobody@example.org"])
def test_a_wrong_pair_is_unauthorized(anyone: Api, email_address: str) -> None:
    answer = anyone.post("/authenticate", {"email_address": email_address, "password": "wrong"})
    assert answer.status_code == 401
    assert "Authorization" not in answer.headers


def test_a_token_works_like_a_key_until_it_is_ended(sandbox: SandboxProcess, anyone: Api) -> None:
    person = _with_token(sandbox, anyone, "admin")
    assert person.get("/accounts").status_code == 200
    assert person.post("/authenticate/end_session").status_code == 200
    assert person.get("/accounts").status_code == 401
    assert person.post("/authenticate/end_session").status_code == 400


def test_a_key_is_no_session_that_could_be_ended(owner: Api) -> None:
    assert owner.post("/authenticate/end_session").status_code == 400


def test_an_idle_token_dies(sandbox: SandboxProcess, anyone: Api) -> None:
    person = _with_token(sandbox, anyone)
    assert person.patch("/data_sources/103", {}).status_code == 200
    sandbox.switch(token_idle_minutes=0.001)
    time.sleep(0.1)
    assert person.patch("/data_sources/103", {}).status_code == 401


def test_a_token_dies_after_so_many_requests(sandbox: SandboxProcess, anyone: Api) -> None:
    sandbox.switch(token_requests=2)
    person = _with_token(sandbox, anyone)
    assert [person.patch("/data_sources/103", {}).status_code for _ in range(3)] == [200, 200, 401]


def test_the_operator_ends_every_session(sandbox: SandboxProcess, anyone: Api) -> None:
    person = _with_token(sandbox, anyone)
    sandbox.expire_sessions()
    assert person.get("/data_sources").status_code == 401


def test_a_new_key_kills_the_old_one(sandbox: SandboxProcess, owner: Api) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox/accounts/owner@example.org/api_key", timeout=30)
    fresh = Api(sandbox.url, {"x-aurorax-api-key": answer.json()["api_key"]})
    assert owner.patch("/data_sources/103", {}).status_code == 401
    assert fresh.patch("/data_sources/103", {}).status_code == 200


def test_nobody_unknown_gets_a_key(sandbox: SandboxProcess) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox/accounts/nobody@example.org/api_key", timeout=30)
    assert answer.status_code == 404


def test_administrators_list_accounts_all_or_of_one_role(admin: Api) -> None:
    everybody = admin.get("/accounts").json()
    assert {account["email_address"] for account in everybody} == {f"{name}@example.org" for name in PEOPLE}
    assert list(everybody[0]) == ACCOUNT
    assert [account["email_address"] for account in admin.get("/accounts", role="Maintainer").json()] == [
        "maintainer@example.org"
    ]
    assert admin.get("/accounts", role="Boss").status_code == 400


@pytest.mark.parametrize(("name", "status"), [("owner", 403), ("user", 403), ("admi", 401)])
def test_only_administrators_list_accounts(with_key: As, name: str, status: int) -> None:
    assert with_key(name).get("/accounts").status_code == status


def test_an_operator_changes_an_account_while_its_credentials_go_on(
    sandbox: SandboxProcess, owner: Api
) -> None:
    sandbox.change_account("owner@example.org", role="User")
    assert owner.patch("/data_sources/103", {}).status_code == 403
    sandbox.change_account("owner@example.org", role="Owner")
    assert owner.patch("/data_sources/103", {}).status_code == 200
    sandbox.change_account("owner@example.org", disabled=True)
    assert owner.patch("/data_sources/103", {}).status_code == 401
    wrong = requests.post(
        f"{sandbox.url}/sandbox/accounts/owner@example.org", json={"role": "Boss"}, timeout=30
    )
    assert wrong.status_code == 400
