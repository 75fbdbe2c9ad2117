"""The list of one's sign-ins, ending them, and erasing what nobody needs any more."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Credential
from apps.aurorax import AuroraX, errors
from apps.jobs.recovery import recover_all
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_a_sign_in_is_listed_with_its_browser_and_part_of_its_address(
    portal: SandboxProcess, client: Client
) -> None:
    owner = {"email": "owner@example.org", "password": "sandbox-owner"}
    client.post(reverse("sign-in"), owner, headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.77")
    page = client.get(reverse("account")).content.decode()
    for words in ("Firefox", "192.0.0.0/16", "this one", "Sign out everywhere", "owner@example.org"):
        assert words in page
    assert "192.0.2.77" not in page


def test_others_sign_ins_are_neither_listed_nor_ended(as_owner: Client, as_user: Client) -> None:
    theirs = Credential.objects.get(user__email="user@example.org")
    assert len(as_owner.get(reverse("account")).context["sessions"]) == 1
    assert as_owner.post(reverse("session-sign-out", args=[theirs.pk])).status_code == 404
    assert as_user.get(reverse("permissions")).status_code == 200


def test_one_sign_in_is_ended_from_another_browser(as_owner: Client, sign_in: SignIn) -> None:
    lost, stolen = Credential.objects.get(), Credential.objects.get().opened()
    here = sign_in("owner")
    here.post(reverse("session-sign-out", args=[lost.pk]))
    assert as_owner.get(reverse("permissions")).status_code == 302
    assert as_owner.post(reverse("sign-out")).status_code == 401
    assert here.get(reverse("permissions")).status_code == 200
    lost.refresh_from_db()
    assert (bytes(lost.encrypted_secret), lost.browser, lost.network) == (b"", "", "")
    with pytest.raises(errors.NotSignedIn):
        AuroraX(stolen).sources.update(1, {"display_name": "Taken over"})


def test_ending_the_sign_in_one_is_using_signs_out(as_owner: Client) -> None:
    answer = as_owner.post(reverse("session-sign-out", args=[Credential.objects.get().pk]))
    assert answer.headers["Location"] == reverse("sign-in")
    assert as_owner.get(reverse("permissions")).status_code == 302


def test_sign_out_everywhere_ends_every_browser_and_erases_every_secret(
    sign_in: SignIn, as_user: Client, client: Client
) -> None:
    browsers = [sign_in("owner") for _ in range(3)]
    assert browsers[0].post(reverse("sign-out-everywhere")).headers["Location"] == reverse("sign-in")
    for browser in browsers:
        assert browser.get(reverse("permissions")).status_code == 302
    mine = Credential.objects.filter(user__email="owner@example.org")
    assert {bytes(each.encrypted_secret) for each in mine} == {b""}
    assert as_user.get(reverse("permissions")).status_code == 200


def test_sign_out_everywhere_also_ends_what_aurorax_has_refused(
    as_owner: Client, sign_in: SignIn, portal: SandboxProcess
) -> None:
    dead = Credential.objects.get()
    dead.end()
    sign_in("owner").post(reverse("sign-out-everywhere"))
    answer = as_owner.post(reverse("permissions"), {"sign_in_again": "sandbox-owner"})
    assert answer.status_code == 401
    assert as_owner.get(reverse("permissions")).status_code == 302


def test_signing_out_works_after_the_sign_in_died(as_owner: Client) -> None:
    Credential.objects.get().end()
    assert as_owner.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")


def test_a_secret_unused_for_as_long_as_a_session_lasts_is_erased(as_owner: Client, as_user: Client) -> None:
    kept, idle = Credential.objects.order_by("pk")
    ago = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Credential.objects.filter(pk=idle.pk).update(used_at=timezone.now() - ago - timedelta(seconds=1))
    Credential.objects.filter(pk=kept.pk).update(used_at=timezone.now() - ago + timedelta(minutes=1))
    recover_all()
    idle.refresh_from_db()
    kept.refresh_from_db()
    assert (bytes(idle.encrypted_secret), idle.ended_at is None) == (b"", False)
    assert kept.opened().secret
