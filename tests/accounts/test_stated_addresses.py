"""An API key with a merely stated address opens nothing of that address's, whatever the key's own role."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.activity.models import Snapshot
from apps.aurorax import DataSource
from apps.deletions.models import Deletion
from apps.uploads.models import Upload
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes, source, upload_file

__all__ = ["source", "upload_file"]  # fixtures
LOOKS = ["upload-detail", "upload-receipt", "upload-receipt-page", "upload-problems", "upload-calendar"]
ACTS = ["send", "pause", "resume", "cancel", "undo", "read", "compare", "check-again"]


@pytest.fixture
def upload(upload_file: UploadFile, as_owner: Client) -> Upload:
    """A sent upload of the owner with a problem, and so with a list of problems and a copy."""
    sent = upload_file(csv_of(*minutes(3)))
    act(as_owner, sent, "send")
    changed = upload_file(csv_of(*minutes(3, lat=52), "never,1,2,x"))
    act(as_owner, changed, "send")
    assert changed.snapshot
    assert changed.problem_list
    return changed


@pytest.fixture
def strangers(portal: SandboxProcess, db: None) -> dict[str, Client]:
    """People whose keys have these roles, and who say that they are the owner."""
    strangers = {role: _stranger(role) for role in ("user", "maintainer", "owner2")}
    portal.change_account("owner@example.org", role="Administrator")
    return strangers | {"administrator of several": _stranger("admin")}


def _stranger(role: str) -> Client:
    client, email = Client(), "owner@example.org"
    assert (
        client.post("/sign-in/?with=key", {"email": email, "api_key": f"sandbox-key-{role}"}).status_code
        == 302
    )
    assert User.objects.filter(email=email, username__startswith="API key").exists()
    return client


def test_uploads_with_their_problems_receipts_and_files_stay_closed(
    upload: Upload, strangers: dict[str, Client]
) -> None:
    for role, stranger in strangers.items():
        for name in LOOKS:
            assert stranger.get(reverse(name, args=[upload.pk])).status_code == 403, (role, name)
        assert upload.name not in stranger.get(reverse("upload-list")).content.decode(), role
        assert upload.name not in stranger.get(reverse("overview-uploads")).content.decode(), role


def test_nothing_is_decided_about_uploads(upload: Upload, strangers: dict[str, Client]) -> None:
    state = upload.state
    for role, stranger in strangers.items():
        for verb in ACTS:
            assert stranger.post(reverse(f"upload-{verb}", args=[upload.pk])).status_code == 403, (role, verb)
    upload.refresh_from_db()
    assert upload.state == state


def test_copies_stay_closed(upload: Upload, strangers: dict[str, Client], as_owner: Client) -> None:
    address = reverse("snapshot-download", args=[upload.snapshot])
    for role, stranger in strangers.items():
        assert stranger.get(address).status_code == 403, role
    assert as_owner.get(address).status_code == 200


def test_deletions_stay_closed(source: DataSource, as_owner: Client, strangers: dict[str, Client]) -> None:
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T01:00:00"}
    begun = as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), span)
    address = begun.headers["Location"]
    deletion = Deletion.objects.get()
    calendar = reverse("ephemeris-deletion-calendar", args=[source.identifier, deletion.pk])
    for role, stranger in strangers.items():
        assert stranger.get(address).status_code == 403, role
        for decision in ("confirm", "cancel", "restore", "resume", "look_again"):
            assert stranger.post(address, {"decision": decision}).status_code == 403, (role, decision)
        listing = stranger.get(reverse("ephemeris-delete", args=[source.identifier]))
        assert address not in listing.content.decode(), role
        assert stranger.get(calendar).status_code == 403, role
    before = deletion.state
    deletion.refresh_from_db()
    assert deletion.state == before


def test_ones_own_copies_are_open_behind_a_key_too(client: Client, source: DataSource) -> None:
    client.post("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-owner"})
    about = {
        "actor": "owner@example.org",
        "kind": "ephemeris",
        "source_identifier": source.identifier,
        "count": 0,
    }
    mine = Snapshot.objects.create(user=User.objects.get(), **about)
    theirs = Snapshot.objects.create(**about)
    assert client.get(reverse("snapshot-download", args=[mine.pk])).status_code == 404  # no file, and no 403
    assert client.get(reverse("snapshot-download", args=[theirs.pk])).status_code == 403


def test_the_account_page_says_that_the_address_is_only_stated(strangers: dict[str, Client]) -> None:
    for role, stranger in strangers.items():
        assert "Stated with an API key" in stranger.get(reverse("account")).content.decode(), role
