"""Half-sent uploads of somebody who has lost the right: others finish or undo them, and are named for it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.jobs.models import PauseReason
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import SignIn
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import after_chunk, stored


@pytest.fixture
def half_sent(
    as_maintainer: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Upload:
    """Four of twelve records are sent, when its sender is no maintainer any more."""
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1
    upload = upload_file(csv_of(*minutes(12)), client=as_maintainer)

    def lose_the_right() -> None:
        act(as_maintainer, Upload.objects.get(), "pause")
        aurorax.sources.update(source.identifier, {"maintainers": []})

    with monkeypatch.context() as patched:
        after_chunk(patched, 0, lose_the_right)
        act(as_maintainer, upload, "send")
    assert (upload.state, upload.sent) == (State.PAUSED, 4)
    return upload


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_the_owner_of_the_source_and_administrators_finish_it_and_are_named(
    half_sent: Upload, sign_in: SignIn, who: str, aurorax: AuroraX, source: DataSource
) -> None:
    page = act(sign_in(who), half_sent, "resume")
    assert half_sent.is_verified, page
    assert len(stored(aurorax, source)) == 12
    event = Event.objects.get(action="ephemeris.create")
    assert (event.actor, event.outcome) == (f"{who}@example.org", "done")
    receipt = sign_in(who).get(reverse("upload-receipt", args=[half_sent.pk])).json()
    assert (receipt["person"], receipt["finished_by"]) == ("maintainer@example.org", f"{who}@example.org")


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_the_owner_of_the_source_and_administrators_undo_it_and_are_named(
    half_sent: Upload, sign_in: SignIn, who: str, aurorax: AuroraX, source: DataSource
) -> None:
    client = sign_in(who)
    act(client, half_sent, "cancel")
    page = client.get(reverse("upload-detail", args=[half_sent.pk])).content.decode()
    assert "Undo this upload" in page
    act(client, half_sent, "undo")
    assert half_sent.state == State.UNDONE
    assert stored(aurorax, source) == {}
    events = {(event.action, event.actor) for event in Event.objects.all()}
    assert events == {
        ("ephemeris.create", f"{who}@example.org"),
        ("ephemeris.delete", f"{who}@example.org"),
    }


def test_its_sender_can_no_longer_go_on(half_sent: Upload, as_maintainer: Client) -> None:
    assert as_maintainer.post(reverse("upload-resume", args=[half_sent.pk])).status_code == 403


def test_other_owners_and_stated_addresses_do_not_meddle_with_it(
    half_sent: Upload, as_owner2: Client, client: Client
) -> None:
    client.post("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-user"})
    for other in (as_owner2, client):
        for verb in ("resume", "cancel", "undo"):
            assert other.post(reverse(f"upload-{verb}", args=[half_sent.pk])).status_code == 403
    half_sent.refresh_from_db()
    assert half_sent.state == State.PAUSED


def test_what_has_not_begun_is_only_its_sender_s_to_decide(
    as_maintainer: Client, as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(3)), client=as_maintainer)
    answer = as_owner.post(reverse("upload-send", args=[upload.pk]))
    assert answer.status_code == 403
    assert "Only the person who made this upload" in answer.content.decode()


def test_an_upload_taken_over_waits_for_the_sign_in_of_whoever_took_it_over(
    half_sent: Upload, as_owner: Client, sign_in: SignIn
) -> None:
    Upload.objects.update(pause_reason=PauseReason.SIGN_IN, acting=as_owner.session["_auth_user_id"])
    sign_in("maintainer")
    half_sent.refresh_from_db()
    assert half_sent.state == State.PAUSED
    sign_in("owner")
    half_sent.refresh_from_db()
    assert half_sent.is_verified


def test_the_owner_of_the_source_finds_it_among_their_uploads(
    half_sent: Upload, as_owner: Client, as_owner2: Client
) -> None:
    page = as_owner.get(reverse("upload-list")).content.decode()
    assert reverse("upload-detail", args=[half_sent.pk]) in page
    assert "maintainer@example.org" in page
    assert "No uploads yet" in as_owner2.get(reverse("upload-list")).content.decode()
