"""Signing out while something runs: it is said, and what runs may finish under a sign-in kept for it alone."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.background import live_credential
from apps.accounts.models import Credential, User
from apps.accounts.sessions import erase_unused
from apps.aurorax import AuroraX, AuroraXCredential, DataSource, errors
from apps.jobs.models import PauseReason
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.tasks import work_on
from tests.conftest import SignIn
from tests.support.uploads import UploadFile, act, csv_of, minutes, source, upload_file

__all__ = ["source", "upload_file"]


@pytest.fixture
def other(upload_file: UploadFile) -> Upload:
    """An upload that somebody is about to decide about."""
    return upload_file(csv_of(*minutes(2)))


@pytest.fixture
def running(upload_file: UploadFile, as_owner: Client, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """An upload that is to be sent, and whose worker has not come yet."""
    upload = upload_file(csv_of(*minutes(3)))
    with monkeypatch.context() as patch:
        patch.setattr("apps.uploads.services.wake", lambda upload: None)
        act(as_owner, upload, "send")
    assert upload.state == State.SENDING
    return upload


def sign_out(client: Client, work: str = "") -> str:
    return client.post(reverse("sign-out"), {"work": work} if work else {}, follow=True).content.decode()


def is_accepted(credential: AuroraXCredential, source: DataSource) -> bool:
    try:
        AuroraX(credential).sources.update(source.identifier, {"display_name": source.display_name})
    except errors.NotSignedIn:
        return False
    return True


def test_signing_out_says_what_is_running_and_ends_nothing_yet(as_owner: Client, running: Upload) -> None:
    html = sign_out(as_owner)
    assert f"The upload day.csv to {running.source_name} (sending)" in html
    assert "Sign out and let it finish" in html
    assert as_owner.get(reverse("account")).status_code == 200


def test_with_nothing_running_nothing_is_asked(as_owner: Client, upload_file: UploadFile) -> None:
    upload_file(csv_of(*minutes(1)))
    assert "You are signed out, and your AuroraX session has ended." in sign_out(as_owner)


def test_it_finishes_under_a_sign_in_kept_for_it_alone_that_ends_with_it(
    as_owner: Client, running: Upload, source: DataSource
) -> None:
    secret = Credential.objects.get().opened()
    assert "is kept for that alone and ends with it" in sign_out(as_owner, "finish")
    assert as_owner.get(reverse("account")).status_code == 302
    kept = Credential.objects.kept().get()
    owner = User.objects.get(email="owner@example.org")
    assert kept.kept_for == running.pk
    assert live_credential(owner) is None
    assert live_credential(owner, job=running.pk) == kept
    assert not owner.credentials.live().exists()
    work_on.call(str(running.pk))
    running.refresh_from_db()
    assert running.is_verified
    assert {bytes(each.encrypted_secret) for each in Credential.objects.all()} == {b""}
    assert not is_accepted(secret, source)


def test_another_job_of_the_same_person_may_not_use_it(
    as_owner: Client, other: Upload, running: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.uploads.tasks.wake", lambda upload: None)
    sign_out(as_owner, "finish")
    Upload.objects.filter(pk=other.pk).update(state=State.COMPARING)
    work_on.call(str(other.pk))
    other.refresh_from_db()
    assert (other.state, other.pause_reason) == (State.PAUSED, PauseReason.SIGN_IN)
    assert Credential.objects.kept().count() == 1


def test_of_two_that_finish_the_last_ends_the_session_at_aurorax(
    as_owner: Client,
    other: Upload,
    running: Upload,
    source: DataSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.uploads.tasks.wake", lambda upload: None)
    Upload.objects.filter(pk=other.pk).update(state=State.COMPARING)
    secret = Credential.objects.get().opened()
    sign_out(as_owner, "finish")
    assert Credential.objects.kept().count() == 2
    work_on.call(str(other.pk))
    assert Credential.objects.kept().get().kept_for == running.pk
    assert is_accepted(secret, source)
    work_on.call(str(running.pk))
    assert not is_accepted(secret, source)


def test_stopping_pauses_it_until_the_next_sign_in(
    as_owner: Client, running: Upload, sign_in: SignIn
) -> None:
    sign_out(as_owner, "stop")
    work_on.call(str(running.pk))
    running.refresh_from_db()
    assert (running.state, running.pause_reason) == (State.PAUSED, PauseReason.SIGN_IN)
    sign_in("owner")
    running.refresh_from_db()
    assert running.state == State.DONE


def test_another_browser_of_the_person_lets_it_go_on_without_a_question(
    as_owner: Client, sign_in: SignIn, running: Upload
) -> None:
    sign_in("owner")
    assert "You are signed out, and your AuroraX session has ended." in sign_out(as_owner)
    work_on.call(str(running.pk))
    running.refresh_from_db()
    assert running.state == State.DONE


@pytest.mark.parametrize(
    "now",
    [
        {"state": State.CANCELLED},
        {"state": State.PAUSED, "pause_reason": PauseReason.YOU},
        {"state": State.CHECKED},
    ],
)
def test_what_needs_a_person_or_is_over_loses_it(
    as_owner: Client, running: Upload, now: dict[str, str]
) -> None:
    sign_out(as_owner, "finish")
    Upload.objects.filter(pk=running.pk).update(**now)
    erase_unused()
    assert not Credential.objects.alive().exists()


def test_what_waits_for_aurorax_keeps_it(as_owner: Client, running: Upload) -> None:
    sign_out(as_owner, "finish")
    waits = {"state": State.PAUSED, "pause_reason": PauseReason.UNAVAILABLE}
    Upload.objects.filter(pk=running.pk).update(**waits)
    erase_unused()
    assert Credential.objects.kept().count() == 1


def test_the_account_shows_it_and_can_end_it(as_owner: Client, running: Upload, sign_in: SignIn) -> None:
    sign_out(as_owner, "finish")
    again = sign_in("owner")
    html = again.get(reverse("account")).content.decode()
    assert "Kept for work that is finishing" in html
    assert "The upload day.csv" in html
    kept = Credential.objects.kept().get()
    again.post(reverse("session-sign-out", args=[kept.pk]))
    assert not Credential.objects.kept().exists()
    assert again.get(reverse("account")).status_code == 200


def test_signing_out_everywhere_ends_it_too(as_owner: Client, running: Upload, sign_in: SignIn) -> None:
    sign_out(as_owner, "finish")
    sign_in("owner").post(reverse("sign-out-everywhere"))
    assert not Credential.objects.alive().exists()
