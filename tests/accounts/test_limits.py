"""Guessing at sign-ins: it is slow, and locks nobody out."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts import browsers, limits
from apps.accounts.network import client_address, network_of, shortened
from apps.aurorax import errors
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess

OWNER = {"email": "owner@example.org", "password": "sandbox-owner"}
WRONG = OWNER | {"password": "wrong"}
KEY_PAGE = "/sign-in/?with=key"


def attempt(client: Client, fields: dict[str, str], address: str = "192.0.2.1", **headers: str) -> Any:
    page = KEY_PAGE if "api_key" in fields else reverse("sign-in")
    return client.post(page, fields, headers=headers, REMOTE_ADDR=address)


@pytest.mark.slow
def test_less_than_one_per_cent_of_a_thousand_guesses_over_many_accounts_get_through(
    portal: SandboxProcess, sent: Sent
) -> None:
    for number in range(1000):
        guess = {"email": f"person{number}@example.org", "password": "secret"}
        attempt(Client(), guess, **{"X-Forwarded-For": f"198.51.100.{number % 250}"})
    assert len(sent) < 10


def test_guesses_at_keys_from_one_place_are_as_slow(portal: SandboxProcess, sent: Sent) -> None:
    for number in range(100):
        attempt(Client(), {"email": f"person{number}@example.org", "api_key": f"key {number}"})
    assert len(set(sent)) == 1
    assert len(sent) < 10


def test_guesses_at_one_account_from_everywhere_are_slow(
    portal: SandboxProcess, sent: Sent, settings: Settings
) -> None:
    for number in range(60):
        attempt(Client(), WRONG, f"198.51.{number}.1")
    assert len(sent) == settings.SIGN_IN_ATTEMPTS


def test_guesses_with_one_key_at_many_addresses_are_slow(
    portal: SandboxProcess, sent: Sent, settings: Settings
) -> None:
    for number in range(60):
        key = {"email": f"person{number}@example.org", "api_key": "no-such-key"}
        attempt(Client(), key, f"198.51.{number}.1")
    assert len(sent) == settings.SIGN_IN_ATTEMPTS


def test_who_has_to_wait_is_told_how_long(portal: SandboxProcess, client: Client, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 1
    assert attempt(client, WRONG).status_code == 422
    answer = attempt(client, WRONG)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 15 * 60
    assert "Too many attempts. Wait 15 minutes" in answer.content.decode()


def test_a_browser_that_signed_in_before_keeps_its_turn(
    portal: SandboxProcess, client: Client, settings: Settings
) -> None:
    attempt(client, OWNER)
    client.post(reverse("sign-out"))
    for number in range(30):
        attempt(Client(), WRONG, f"198.51.{number}.1")
        attempt(Client(), {"email": f"{number}@example.org", "password": "x"})
    assert attempt(Client(), OWNER).status_code == 429
    assert attempt(client, OWNER).status_code == 302


def test_the_turn_of_a_known_browser_is_for_its_own_people_and_not_without_end(
    portal: SandboxProcess, client: Client, sent: Sent, settings: Settings
) -> None:
    attempt(client, {"email": "user@example.org", "password": "sandbox-user"})
    client.post(reverse("sign-out"))
    sent.clear()
    for number in range(60):
        attempt(client, WRONG, f"198.51.{number}.1")
    assert len(sent) == settings.SIGN_IN_ATTEMPTS
    sent.clear()
    for _ in range(60):
        attempt(client, {"email": "user@example.org", "password": "wrong"})
    assert len(sent) == settings.SIGN_IN_ATTEMPTS


def test_a_forged_cookie_gives_no_turn(portal: SandboxProcess, client: Client, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = 1
    attempt(Client(), WRONG)
    with_other_key = signing.dumps({"browser": "x", "people": []}, key="another", salt=browsers.SALT)
    client.cookies[browsers.COOKIE] = with_other_key
    assert attempt(client, OWNER).status_code == 429


def test_the_cookie_of_a_known_browser_names_nobody(portal: SandboxProcess, client: Client) -> None:
    cookie = attempt(client, OWNER).cookies[browsers.COOKIE]
    assert "owner" not in str(signing.loads(cookie.value, salt=browsers.SALT))
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/sign-in/")
    assert cookie["max-age"] > 300 * 24 * 60 * 60


def test_signing_in_in_place_is_not_blocked_by_others(
    portal: SandboxProcess, as_owner: Client, settings: Settings
) -> None:
    for number in range(30):
        attempt(Client(), WRONG, f"198.51.{number}.1")
        attempt(Client(), {"email": f"{number}@example.org", "password": "x"}, "127.0.0.1")
    del as_owner.cookies[browsers.COOKIE]
    portal.expire_sessions()
    answer = as_owner.post(reverse("sign-out"), {"sign_in_again": "sandbox-owner"})
    assert answer.status_code == 302


def test_right_sign_ins_use_nothing_up(portal: SandboxProcess, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ADDRESS = settings.SIGN_IN_ATTEMPTS = 2
    for _ in range(5):
        assert attempt(Client(), OWNER).status_code == 302


def test_attempts_at_the_same_time_count_before_they_are_answered() -> None:
    bucket = limits.Bucket("one", 1)
    with limits.counted([bucket]), pytest.raises(limits.TooManyAttempts), limits.counted([bucket]):
        pass
    with limits.counted([bucket]):
        pass


def test_only_what_aurorax_refused_is_counted() -> None:
    bucket = limits.Bucket("one", 1)
    for _ in range(3):
        with pytest.raises(errors.Unreachable), limits.counted([bucket]):
            raise errors.Unreachable
    with pytest.raises(errors.NotSignedIn), limits.counted([bucket]):
        raise errors.NotSignedIn
    with pytest.raises(limits.TooManyAttempts), limits.counted([bucket]):
        pass


# Where a request comes from -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "not an address", "192.0.2.1"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    rf: Any, settings: Settings, proxies: int, forwarded: str, seen: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == seen


def test_behind_a_trusted_proxy_one_guesser_blocks_only_their_own_address(
    portal: SandboxProcess, client: Client, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(20):
        guess = {"email": f"person{number}@example.org", "password": "secret"}
        attempt(Client(), guess, **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})
    assert attempt(Client(), OWNER, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert attempt(Client(), OWNER, **{"X-Forwarded-For": "203.0.113.10"}).status_code == 302


@pytest.mark.parametrize(
    ("address", "network", "shown"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.0.0/16"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.0.0/16"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8::/32"),
        ("", "unknown", "unknown"),
    ],
)
def test_an_address_counts_with_its_network_and_is_shown_shortened(
    address: str, network: str, shown: str
) -> None:
    assert (network_of(address), shortened(address)) == (network, shown)


def test_guesses_at_many_accounts_from_many_addresses_are_slow_too(
    portal: SandboxProcess, client: Client, sent: Sent, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS_TOGETHER = 20
    assert attempt(client, OWNER).status_code == 302
    sent.clear()
    for number in range(60):
        guess = {"email": f"person{number}@example.org", "password": "secret"}
        attempt(Client(), guess, f"198.51.{number}.1")
    assert len(sent) == 20
    assert attempt(Client(), OWNER, "203.0.113.1").status_code == 429
    assert attempt(client, OWNER, "203.0.113.1").status_code == 302
