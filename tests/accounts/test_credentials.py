"""AuroraX secrets at rest."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts import encryption
from apps.accounts.models import Credential, User
from tests.support.sandbox import SandboxProcess


def test_no_table_holds_the_secret_in_clear(portal: SandboxProcess, client: Client) -> None:
    client.post("/sign-in/?with=key", {"email": "user@example.org", "api_key": "sandbox-key-user"})
    client.post("/sign-in/", {"email": "owner@example.org", "password": "sandbox-owner"})
    secrets = [credential.opened().secret for credential in Credential.objects.all()]
    assert "sandbox-key-user" in secrets
    held = "\n".join(_everything())
    for secret in [*secrets, "sandbox-owner"]:
        assert secret.removeprefix("Bearer ") not in held


def test_a_credential_never_shows_its_secret(as_owner: Client) -> None:
    credential = Credential.objects.get()
    secret = credential.opened().secret
    for shown in (repr(credential), str(credential), repr(credential.opened()), str(credential.opened())):
        assert secret not in shown


def test_a_new_first_key_still_reads_old_secrets_and_rotates_them(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [old]
    sealed = encryption.encrypt("secret")
    settings.CREDENTIAL_KEYS = [new, old]
    rotated = encryption.rotate(sealed)
    assert encryption.decrypt(sealed) == "secret"
    settings.CREDENTIAL_KEYS = [new]
    assert encryption.decrypt(rotated) == "secret"
    with pytest.raises(encryption.UndecryptableSecret):
        encryption.decrypt(sealed)
    with pytest.raises(encryption.UndecryptableSecret):
        encryption.rotate(sealed)


def test_the_command_rotates_what_is_kept(
    as_owner: Client, as_user: Client, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, lost = Credential.objects.order_by("pk")
    secret = kept.opened().secret
    Credential.objects.filter(pk=lost.pk).update(encrypted_secret=b"damaged")
    new = Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [new, *settings.CREDENTIAL_KEYS]
    call_command("rotate_credentials")
    assert capsys.readouterr().out == "1 secrets are under the first key now, 1 could not be read.\n"
    settings.CREDENTIAL_KEYS = [new]
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert kept.opened().secret == secret
    assert lost.ended_at is not None


def test_without_its_key_a_sign_in_is_asked_for_again_and_can_end(
    as_owner: Client, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    assert as_owner.get("/permissions/").status_code == 200
    assert as_owner.post("/sign-out/").status_code == 302
    assert Credential.objects.get().ended_at is not None


def test_a_person_has_no_password_here(as_owner: Client) -> None:
    assert User.objects.get().password == "!"


def _everything() -> list[str]:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [
                    bytes(cell).decode(errors="replace")
                    if isinstance(cell, bytes | memoryview)
                    else str(cell)
                    for cell in row
                ]
    return found
