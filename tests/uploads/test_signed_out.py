"""Background work under an API key, which AuroraX goes on taking when its person has signed out of the portal."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import Credential
from apps.aurorax import DataSource
from apps.deletions import steps
from apps.deletions.models import Deletion, DeletionState
from apps.jobs.models import PauseReason
from apps.uploads.states import State
from apps.uploads.steps import send
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes


@pytest.fixture
def with_key(portal: SandboxProcess) -> Client:
    """A browser signed in with the owner's key."""
    client = Client()
    key = {"email": "owner@example.org", "api_key": "sandbox-key-owner"}
    assert client.post("/sign-in/?with=key", key).status_code == 302
    return client


def sign_out_elsewhere() -> None:
    Credential.objects.get(kind="api_key").sign_out()


def test_what_is_being_sent_under_a_key_stops_when_its_person_signs_out(
    with_key: Client, upload_file: UploadFile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_CHUNK_RECORDS, settings.UPLOAD_CONNECTIONS = 1, 1
    upload = upload_file(csv_of(*minutes(30)), client=with_key)
    Credential.objects.exclude(kind="api_key").delete()
    really_accepted = send._accepted

    def accepted(*arguments: Any) -> None:
        really_accepted(*arguments)
        sign_out_elsewhere()

    monkeypatch.setattr(send, "_accepted", accepted)
    with_key.post(reverse("upload-send", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.SIGN_IN)
    assert 0 < upload.sent < 30


def test_a_deletion_under_a_key_stops_when_its_person_signs_out(
    with_key: Client, upload_file: UploadFile, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(with_key, upload_file(csv_of(*minutes(3)), client=with_key), "send")
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}
    page = with_key.post(reverse("ephemeris-delete", args=[source.identifier]), span)["Location"]
    Credential.objects.exclude(kind="api_key").delete()
    really_delete = steps.STEPS[DeletionState.DELETING]

    def delete(context: Any) -> None:
        sign_out_elsewhere()
        really_delete(context)

    monkeypatch.setitem(steps.STEPS, DeletionState.DELETING, delete)
    with_key.post(page, {"count": "3"})
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.pause_reason) == (DeletionState.PAUSED, PauseReason.SIGN_IN)
    assert deletion.deleted == 0
