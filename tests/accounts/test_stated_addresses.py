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


@pytest.fixture(params=["user", "maintainer", "owner2", "administrator of several"])
def stranger(request: pytest.FixtureRequest, client: Client, portal: SandboxProcess) -> Client:
    """Somebody whose key has this role, and who says that they are the owner."""
    key = f"sandbox-key-{request.param}"
    email = "owner@example.org"
    if request.param.startswith("administrator"):
        portal.change_account(email, role="Administrator")
        key = "sandbox-key-admin"
    assert client.post("/sign-in/?with=key", {"email": email, "api_key": key}).status_code == 302
    assert User.objects.filter(email=email, username__startswith="API key").exists()
    return client


def test_uploads_with_their_problems_receipts_and_files_stay_closed(upload: Upload, stranger: Client) -> None:
    for name in LOOKS:
        assert stranger.get(reverse(name, args=[upload.pk])).status_code == 403, name
    assert upload.name not in stranger.get(reverse("upload-list")).content.decode()
    assert upload.name not in stranger.get(reverse("overview-uploads")).content.decode()


def test_nothing_is_decided_about_uploads(upload: Upload, stranger: Client) -> None:
    state = upload.state
    for verb in ACTS:
        assert stranger.post(reverse(f"upload-{verb}", args=[upload.pk])).status_code == 403, verb
    upload.refresh_from_db()
    assert upload.state == state


def test_copies_stay_closed(upload: Upload, stranger: Client, as_owner: Client) -> None:
    address = reverse("snapshot-download", args=[upload.snapshot])
    assert stranger.get(address).status_code == 403
    assert as_owner.get(address).status_code == 200


def test_deletions_stay_closed(source: DataSource, as_owner: Client, stranger: Client) -> None:
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T01:00:00"}
    begun = as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), span)
    address = begun.headers["Location"]
    deletion = Deletion.objects.get()
    assert stranger.get(address).status_code == 403
    for decision in ("confirm", "cancel", "restore", "resume", "look_again"):
        assert stranger.post(address, {"decision": decision}).status_code == 403
    listing = stranger.get(reverse("ephemeris-delete", args=[source.identifier]))
    assert address not in listing.content.decode()
    calendar = reverse("ephemeris-deletion-calendar", args=[source.identifier, deletion.pk])
    assert stranger.get(calendar).status_code == 403
    before = deletion.state
    deletion.refresh_from_db()
    assert deletion.state == before


def test_ones_own_copies_are_open_behind_a_key_too(client: Client, portal: SandboxProcess, db: None) -> None:
    client.post("/sign-in/?with=key", {"email": "user@example.org", "api_key": "sandbox-key-user"})
    mine = Snapshot.objects.create(
        actor="user@example.org", user=User.objects.get(), kind="ephemeris", source_identifier=1, count=0
    )
    theirs = Snapshot.objects.create(actor="user@example.org", kind="ephemeris", source_identifier=1, count=0)
    assert client.get(reverse("snapshot-download", args=[mine.pk])).status_code == 404  # no file, and no 403
    assert client.get(reverse("snapshot-download", args=[theirs.pk])).status_code == 403


def test_the_account_page_says_that_the_address_is_only_stated(stranger: Client) -> None:
    assert "Stated with an API key" in stranger.get(reverse("account")).content.decode()
