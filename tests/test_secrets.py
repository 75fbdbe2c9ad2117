"""Nobody's secret is told by anything the portal writes: its logs at their most talkative, every table, every file."""

import gzip
import logging

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Credential
from apps.activity.models import Event
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps import context, send
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

PASSWORD, KEY = "sandbox-owner", "sandbox-key-owner"
GZIP = b"\x1f\x8b"
FILE = b"epoch,location_geo.lat,location_geo.lon\n2020-01-01T00:00:00,51.05,-114.07\n"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger at debug level."""
    caplog.set_level(logging.DEBUG)
    for name in ("apps", "django", "requests", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience costs no time here."""
    monkeypatch.setattr(context, "BACK_OFF", (0.0,))
    monkeypatch.setattr(send, "BACK_OFF", (0.0, 0.0))
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)


@pytest.mark.parametrize("sign_in", [{"password": PASSWORD}, {"api_key": KEY}], ids=["password", "key"])
def test_a_whole_run_on_good_and_bad_days_tells_no_secret(
    portal: SandboxProcess,
    client: Client,
    new_source: NewSource,
    log: pytest.LogCaptureFixture,
    sign_in: dict[str, str],
) -> None:
    wrong = {name: f"{secret}-mistyped" for name, secret in sign_in.items()}
    address = f"{reverse('sign-in')}{'?with=key' if 'api_key' in sign_in else ''}"
    assert client.post(address, {"email": "owner@example.org", **wrong}).status_code == 422
    assert client.post(address, {"email": "owner@example.org", **sign_in}).status_code == 302
    credential = Credential.objects.get().opened().secret
    _work(client, new_source, portal)
    assert client.post(reverse("sign-out")).status_code == 302
    told = "\n".join([log.text, *_tables(), *_files()])
    for shown in ("401", "owner@example.org", "2020-01-01T00:00", Event.objects.latest("pk").summary):
        assert shown in told
    for secret in (credential.removeprefix("Bearer "), *sign_in.values(), *wrong.values()):
        assert secret not in told


def _work(client: Client, new_source: NewSource, portal: SandboxProcess) -> None:
    """Look, upload, send to an AuroraX that refuses, is in maintenance, stumbles, and at last forgets the session."""
    source = new_source()
    client.get(reverse("source-list"))
    file = SimpleUploadedFile("day.csv", FILE)
    client.post(reverse("ephemeris-upload", args=[source.identifier]), {"file": file})
    upload = Upload.objects.get()
    for fault in ({"errors": "403=1"}, {"maintenance": True}, {"errors": "500=1", "times": 1}):
        with portal.switched(**fault):
            for verb in ("send", "resume"):
                client.post(reverse(f"upload-{verb}", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == State.DONE
    portal.expire_sessions()
    client.get(reverse("source-list"))


def _tables() -> list[str]:
    """Every value of every table, as text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [_text(cell) for row in cursor.fetchall() for cell in row]
    return found


def _text(cell: object) -> str:
    return bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else str(cell)


def _files() -> list[str]:
    """Every uploaded and made file, as text: the file itself, its chunks, the snapshot of what was there."""
    fields = [
        field for model in apps.get_models() for field in model._meta.fields if hasattr(field, "upload_to")
    ]
    names = {
        name for field in fields for name in field.model._default_manager.values_list(field.name, flat=True)
    }
    contents = [default_storage.open(name).read() for name in names if name]
    return [(gzip.decompress(each) if each.startswith(GZIP) else each).decode() for each in contents]
