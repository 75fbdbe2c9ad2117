"""The role is what AuroraX says now, also when it changes while somebody is signed in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes, source, upload_file

__all__ = ["source", "upload_file"]  # fixtures
ADMIN = "admin@example.org"
AGAIN = {"sign_in_again": "sandbox-admin"}


@pytest.fixture
def checked(upload_file: UploadFile) -> Upload:
    """An upload of the owner that has been compared, and not sent."""
    return upload_file(csv_of(*minutes(3)))


def role_of(email: str) -> str:
    return User.objects.get(username=email).role


@pytest.mark.parametrize("verb", ["send", "cancel", "compare", "pause"])
def test_who_is_no_administrator_any_more_decides_about_nothing_of_others(
    as_admin: Client, checked: Upload, portal: SandboxProcess, verb: str
) -> None:
    portal.change_account(ADMIN, role="User")
    answer = as_admin.post(reverse(f"upload-{verb}", args=[checked.pk]))
    assert answer.status_code == 401
    assert "your role is another now" in answer.content.decode()
    checked.refresh_from_db()
    assert checked.state == State.CHECKED
    assert role_of(ADMIN) == "User"
    assert not Credential.objects.live().filter(user__email=ADMIN).exists()


@pytest.mark.parametrize("name", ["upload-detail", "upload-receipt", "upload-calendar", "upload-problems"])
def test_who_is_no_administrator_any_more_sees_nothing_of_others(
    as_admin: Client, checked: Upload, portal: SandboxProcess, name: str
) -> None:
    assert as_admin.get(reverse(name, args=[checked.pk])).status_code in (200, 404)
    portal.change_account(ADMIN, role="User")
    assert as_admin.get(reverse(name, args=[checked.pk])).status_code == 401
    assert as_admin.get(reverse("upload-list")).status_code == 401


def test_signing_in_again_in_place_brings_the_role_of_now(
    as_admin: Client, checked: Upload, portal: SandboxProcess
) -> None:
    portal.change_account(ADMIN, role="User")
    address = reverse("upload-cancel", args=[checked.pk])
    as_admin.post(address)
    assert as_admin.post(address, AGAIN).status_code == 403
    checked.refresh_from_db()
    assert checked.state == State.CHECKED
    portal.change_account(ADMIN, role="Administrator")
    portal.expire_sessions()
    assert as_admin.post(address, AGAIN).status_code == 302
    checked.refresh_from_db()
    assert (checked.state, role_of(ADMIN)) == (State.CANCELLED, "Administrator")


def test_a_role_that_was_raised_counts_from_the_next_sign_in_in_place(
    as_user: Client, portal: SandboxProcess
) -> None:
    assert as_user.get(reverse("people")).status_code == 403
    portal.change_account("user@example.org", role="Administrator")
    portal.expire_sessions()
    answer = {"sign_in_again": "sandbox-user", "sign_in_again_to_read": "yes"}
    as_user.post(reverse("people"), answer)
    assert as_user.get(reverse("people")).status_code == 200


def test_a_refusal_by_aurorax_ends_the_rights_of_who_was_an_administrator(
    as_admin: Client, portal: SandboxProcess
) -> None:
    portal.change_account(ADMIN, role="Owner")
    assert as_admin.get(reverse("people")).status_code == 401
    assert as_admin.get(reverse("upload-list")).status_code == 401
    answer = {**AGAIN, "sign_in_again_to_read": "yes"}
    assert as_admin.post(reverse("people"), answer).status_code == 302
    assert as_admin.get(reverse("people")).status_code == 403
    assert role_of(ADMIN) == "Owner"


def test_a_refused_sign_in_ends_the_rights_of_the_session_at_once(
    as_admin: Client, checked: Upload, portal: SandboxProcess
) -> None:
    portal.expire_sessions()
    assert as_admin.get(reverse("people")).status_code == 401
    credential = Credential.objects.get(user__email=ADMIN)
    assert (bytes(credential.encrypted_secret), credential.ended_at is None) == (b"", False)
    for name in ("upload-list", "overview", "permissions", "activity-list"):
        assert as_admin.get(reverse(name)).status_code == 401
    for name in ("upload-cancel", "upload-send"):
        assert as_admin.post(reverse(name, args=[checked.pk])).status_code == 401
    assert as_admin.get(reverse("upload-detail", args=[checked.pk])).status_code == 401


def test_a_disabled_account_does_not_go_on_in_place(as_admin: Client, portal: SandboxProcess) -> None:
    portal.change_account(ADMIN, disabled=True)
    assert as_admin.get(reverse("people")).status_code == 401
    answer = as_admin.post(reverse("people"), {**AGAIN, "sign_in_again_to_read": "yes"})
    assert answer.status_code == 401
    assert as_admin.get(reverse("people")).status_code == 401


def test_an_owner_confirms_who_they_are_before_deciding_about_anothers_upload(
    as_owner: Client, as_maintainer: Client, upload_file: UploadFile, sign_in: SignIn, portal: SandboxProcess
) -> None:
    """AuroraX tells an Owner's role at a sign-in only, so that is asked for when the last one was long ago."""
    upload = upload_file(csv_of(*minutes(3)), client=as_maintainer)
    upload.transition(State.SENDING, started_at=timezone.now())
    address = reverse("upload-pause", args=[upload.pk])
    Credential.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    asked = as_owner.post(address)
    assert asked.status_code == 401
    assert "confirm who you are" in asked.content.decode()
    portal.change_account("owner@example.org", role="User")
    assert as_owner.post(address, {"sign_in_again": "sandbox-owner"}).status_code == 403
    upload.refresh_from_db()
    assert upload.state == State.SENDING
    portal.change_account("owner@example.org", role="Owner")
    owner = sign_in("owner")
    assert owner.post(address).status_code == 302
    upload.refresh_from_db()
    assert upload.state == State.PAUSED


def test_ones_own_upload_needs_no_further_question(as_owner: Client, checked: Upload) -> None:
    Credential.objects.update(proved_at=timezone.now() - timedelta(days=1))
    act(as_owner, checked, "send")
    assert checked.is_verified


def test_a_deletion_of_somebody_else_is_decided_with_the_role_of_now(
    as_owner: Client, as_admin: Client, source: DataSource, aurorax: AuroraX, portal: SandboxProcess
) -> None:
    begun = as_owner.post(
        reverse("ephemeris-delete", args=[source.identifier]),
        {"start": "2020-01-01T00:00:00", "end": "2020-01-01T01:00:00"},
    )
    assert begun.status_code == 302
    portal.change_account(ADMIN, role="User")
    answer = as_admin.post(begun.headers["Location"], {"decision": "cancel"})
    assert answer.status_code == 401
    assert role_of(ADMIN) == "User"
    assert not Event.objects.exists()
