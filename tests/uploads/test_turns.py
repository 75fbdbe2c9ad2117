"""Nobody's ten rows wait for somebody else's year."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.jobs.leases import Stopped
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from apps.uploads import tasks, turns
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps import runner
from apps.uploads.steps.context import StepContext
from tests.support.stack import Stack
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_worker import Browser, wait_for

LARGE, SLOW = 1_200, {"SANDBOX_LATENCY": "0.05", "UPLOAD_CHUNK_RECORDS": "20", "UPLOAD_CONNECTIONS": "1"}


@pytest.fixture
def several(upload_file: UploadFile, settings: Settings) -> Callable[[int], list[Upload]]:
    """Uploads that wait for a worker to compare them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}

    def made(count: int) -> list[Upload]:
        uploads = [upload_file(csv_of(*minutes(3)), name=f"{n}.csv") for n in range(count)]
        for n, upload in enumerate(uploads):
            upload.update_fields(woken_at=timezone.now() - timedelta(seconds=30 - n))
            assert upload.state == State.COMPARING
        return uploads

    return made


def at_work(upload: Upload) -> None:
    upload.update_fields(lease_holder="somebody", lease_until=timezone.now() + timedelta(minutes=1))


def test_as_many_of_one_person_are_at_work_as_the_setting_says(
    several: Callable[[int], list[Upload]], settings: Settings
) -> None:
    settings.UPLOADS_AT_ONCE = 2
    first, second, third = several(3)
    at_work(first)
    at_work(second)
    tasks.work_on.call(str(third.pk))
    third.refresh_from_db()
    assert (third.state, third.lease_until) == (State.COMPARING, None)
    Upload.objects.filter(pk=first.pk).update(lease_until=None)
    tasks.work_on.call(str(third.pk))
    third.refresh_from_db()
    assert third.state == State.CHECKED


def test_whoever_ends_asks_for_the_one_that_has_waited_longest(
    several: Callable[[int], list[Upload]], settings: Settings
) -> None:
    settings.UPLOADS_AT_ONCE = 1
    first, second, third = several(3)
    before = second.woken_at
    tasks.work_on.call(str(first.pk))
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.woken_at > before
    assert third.woken_at < second.woken_at


def test_the_page_says_how_many_go_before(several: Callable[[int], list[Upload]], as_owner: Client) -> None:
    first, second, third = several(3)
    at_work(first)
    assert [turns.ahead_of(upload) for upload in (first, second, third)] == [0, 1, 2]
    page = as_owner.get(reverse("upload-detail", args=[third.pk])).content.decode()
    assert "Waiting behind 2 uploads." in page


def test_one_that_waits_its_turn_is_not_taken_for_lost(
    several: Callable[[int], list[Upload]], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.UPLOADS_AT_ONCE = 1
    first, second = several(2)
    at_work(first)
    second.update_fields(woken_at=timezone.now() - timedelta(hours=1))
    assert recover_all() == 0
    assert "lost" not in caplog.text
    Upload.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_all() == 2
    assert caplog.text.count("lost") == 1


def test_a_comparison_says_how_far_it_is(several: Callable[[int], list[Upload]], as_owner: Client) -> None:
    (upload,) = several(1)
    upload.update_fields(compared=2)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "2 of 3 records" in page


@pytest.mark.browser  # no browser, but processes of its own: the database makes no difference
def test_ten_rows_go_past_somebody_elses_large_files_on_one_worker(tmp_path: Path) -> None:
    stack = Stack(tmp_path, SANDBOX_INGEST_DELAY="0", **SLOW)
    with stack.running():
        many, few = Browser(stack.url), Browser(stack.url)
        many.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
        few.post("/sign-in/", "/sign-in/", email="owner2@example.org", password="sandbox-owner2")
        # Each has another place: what is there already, however slow this machine is, would not have to be sent.
        large = [sent(many, stack, 103, LARGE, lat=51.0 + number / 10) for number in range(5)]
        small = sent(few, stack, 3, 10)
        wait_for(lambda: state(few, small) == "done")
        assert any(state(many, each) != "done" for each in large)


def state(browser: Browser, upload: str) -> str:
    return str(browser.get(f"{upload}receipt.json").json()["state"])


def sent(browser: Browser, stack: Stack, source: int, count: int, *, lat: float = 51.05) -> str:
    """Upload and send; answers the upload's address."""
    form = f"/sources/{source}/ephemeris/upload/"
    page = browser.post(form, form, files={"file": ("day.csv", csv_of(*minutes(count, lat=lat)))})
    upload = page.url.removeprefix(stack.url)
    wait_for(lambda: state(browser, upload) == "checked")
    browser.post(upload, f"{upload}send/")
    return upload


def test_a_press_of_a_button_is_answered_while_others_are_at_work(
    several: Callable[[int], list[Upload]], as_owner: Client, settings: Settings
) -> None:
    settings.UPLOADS_AT_ONCE = 1
    first, second = several(2)
    at_work(first)
    act(as_owner, second, "cancel")
    assert second.state == State.CANCELLED


def test_one_that_gave_way_to_others_that_have_just_ended_is_asked_for_again(
    several: Callable[[int], list[Upload]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (upload,) = several(1)
    before = upload.woken_at
    monkeypatch.setattr(turns, "has_turn", lambda upload: False)
    tasks.work_on.call(str(upload.pk))
    upload.refresh_from_db()
    assert upload.woken_at > before


def test_whoever_pauses_and_resumes_at_once_does_not_wait_for_recovery(
    several: Callable[[int], list[Upload]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (upload,) = several(1)
    compare, left = runner.STEPS[State.COMPARING], [True]

    def pressed(context: StepContext) -> None:
        if left and left.pop():
            Upload.objects.get(pk=upload.pk).pause(PauseReason.YOU)
            Upload.objects.get(pk=upload.pk).resume()
            raise Stopped
        compare(context)

    monkeypatch.setitem(runner.STEPS, State.COMPARING, pressed)
    tasks.work_on.call(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == State.CHECKED
