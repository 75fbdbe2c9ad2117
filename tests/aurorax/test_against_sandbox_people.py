"""Who may do what, sessions and administration, against the sandbox."""

from datetime import UTC, datetime

import pytest

from apps.aurorax import AuroraX, DataSource, errors, sign_in
from tests.aurorax.against_sandbox import DAY, EXAMPLE, START, client_of, keogram, minutes
from tests.support.sandbox import SandboxProcess


def test_accounts_are_listed_for_administrators_only(admin: AuroraX, owner: AuroraX) -> None:
    addresses = [account.email_address for account in admin.accounts.list()]
    assert "user@example.org" in addresses
    assert {account.role for account in admin.accounts.list(role="Maintainer")} == {"Maintainer"}
    with pytest.raises(errors.NotPermitted):
        owner.accounts.list()


def test_search_requests_are_listed_and_deleted_by_administrators_only(
    admin: AuroraX, owner: AuroraX, example: DataSource
) -> None:
    list(owner.ephemeris.search(example, START, START + 20 * DAY))
    (request,) = admin.searches.list(search_type="ephemeris", start=datetime.now(UTC) - DAY)
    assert not request.active
    assert request.result_count == 0
    admin.searches.delete(request.request_id)
    assert request.request_id not in [each.request_id for each in admin.searches.list()]
    with pytest.raises(errors.NotPermitted):
        owner.searches.list()


def test_a_session_ends_when_it_is_ended(sandbox: SandboxProcess) -> None:
    signed_in = sign_in("owner@example.org", "sandbox-owner", sandbox.url)
    assert (signed_in.account.email_address, signed_in.account.role) == ("owner@example.org", "Owner")
    client = AuroraX(signed_in.credential, sandbox.url)
    created = client.sources.create(EXAMPLE)
    client.end_session()
    with pytest.raises(errors.NotSignedIn):
        client.sources.delete(created.identifier)


def test_a_session_that_died_asks_to_sign_in_again(sandbox: SandboxProcess) -> None:
    client = AuroraX(sign_in("owner@example.org", "sandbox-owner", sandbox.url).credential, sandbox.url)
    sandbox.expire_sessions()
    with pytest.raises(errors.NotSignedIn, match="Sign in again"):
        client.sources.create(EXAMPLE)


def test_a_wrong_password_does_not_sign_in(sandbox: SandboxProcess) -> None:
    with pytest.raises(errors.NotSignedIn):
        sign_in("owner@example.org", "wrong", sandbox.url)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (None, errors.NotSignedIn),
        ("nobody-has-this", errors.NotSignedIn),
        ("user", errors.NotPermitted),
        ("maintainer", errors.NotPermitted),
        ("owner2", errors.NotPermitted),
    ],
)
def test_a_refused_write_is_never_taken_for_success(
    sandbox: SandboxProcess, example: DataSource, name: str | None, kind: type[errors.Refused]
) -> None:
    """PyAuroraX reports success for a 403 on uploads and deletes."""
    client = client_of(name, sandbox) if name else AuroraX(base_url=sandbox.url)
    number = example.identifier
    for write in (
        lambda: client.sources.update(number, {"display_name": "Mine"}),
        lambda: client.sources.replace(number, example.to_api()),
        lambda: client.sources.delete(number),
        lambda: client.ephemeris.upload(number, minutes(START, 1), source=example),
        lambda: client.ephemeris.delete(example, START, START),
        lambda: client.products.upload(number, [keogram("a.jpg", START)], source=example),
        lambda: client.products.delete(example, ["a.jpg"]),
    ):
        with pytest.raises(kind):
            write()
    assert client.sources.get(number) == example if kind is not errors.NotSignedIn else True
