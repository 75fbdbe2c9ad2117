"""Files, and sending them through the portal's own pages."""

from collections.abc import Callable, Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from apps.jobs import leases
from apps.uploads.models import Upload
from apps.uploads.steps import context, send, verify
from tests.conftest import NewSource

HEADER = "epoch,location_geo.lat,location_geo.lon,metadata.state"
UploadFile = Callable[..., Upload]


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    """A CSV file of these rows."""
    return "\n".join([header, *rows]).encode()


def minutes(count: int, *, lat: float = 51.05) -> Sequence[str]:
    """Rows of the first minutes of 2020."""
    return [f"2020-01-01T{n // 60:02}:{n % 60:02}:00,{lat},-114.07,state {n}" for n in range(count)]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience costs no time here."""
    monkeypatch.setattr(context, "BACK_OFF", (0.0,))
    monkeypatch.setattr(leases, "STATE_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(send, "BACK_OFF", (0.0, 0.0))
    monkeypatch.setattr(leases, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(verify, "PAUSES", (0.01, 1.0))
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source of owner@example.org, looked after by maintainer@example.org."""
    return new_source(maintainers=["maintainer@example.org"])


@pytest.fixture
def upload_file(as_owner: Client, source: DataSource) -> UploadFile:
    """Uploads a file as the owner and answers the upload, read and checked."""

    def upload(
        content: bytes, *, kind: str = "ephemeris", client: Client = as_owner, name: str = "day.csv"
    ) -> Upload:
        answer = client.post(
            reverse(f"{kind}-upload", args=[source.identifier]), {"file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code == 302, answer.content.decode()
        return Upload.objects.latest("created_at")

    return upload


def act(client: Client, upload: Upload, verb: str) -> str:
    """Press a button of the upload's page; answers the page that comes then, and refreshes `upload`."""
    answer = client.post(reverse(f"upload-{verb}", args=[upload.pk]), follow=True)
    upload.refresh_from_db()
    return answer.content.decode()
