"""Cancelling while records are deleted: what is gone is gone, counted exactly, and can be restored."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, errors
from apps.deletions import copy
from apps.deletions.models import Deletion, DeletionState
from apps.ephemeris.record_type import EphemerisType
from apps.jobs import leases
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from tests.deletions.test_deletions import begin, confirm, minutes_left, put
from tests.deletions.test_restore import restored
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import act
from tests.uploads.steps.test_put_back import after_write, once

HEADERS = {"HX-Request": "true", "HX-Target": "section#deletion-progress"}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "MOST", 4)


@pytest.fixture
def address(as_owner: Client, source: DataSource, aurorax: AuroraX) -> str:
    """The page of a deletion of twelve minutes, before the decision."""
    put(aurorax, source, range(12))
    return begin(as_owner, source, end="2020-01-01T00:30:00")


@pytest.fixture
def cancel(as_owner: Client, address: str) -> Callable[[], None]:
    """Press "Cancel" on its page."""

    def pressed() -> None:
        assert "Cancel</button>" in as_owner.get(address).content.decode()
        as_owner.post(address, {"decision": "cancel"})

    return pressed


def test_cancelled_between_two_ranges_the_rest_stays_and_the_count_is_exact(
    as_owner: Client,
    address: str,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    after_write(monkeypatch, "delete", once(cancel), EphemerisType)
    page = confirm(as_owner, address, 12).content.decode()
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.count_deleted) == (DeletionState.CANCELLED, 4)
    assert minutes_left(aurorax, source) == list(range(4, 12))
    assert "4 of 12 ephemeris records had been deleted by then" in page
    event = Event.objects.get()
    assert event.summary == (
        "Cancelled the deletion of 12 ephemeris records, 2020-01-01 00:00:00 to 2020-01-01 00:11:00 UTC: 4 are gone"
    )
    assert (event.outcome, event.snapshot) == (Event.Outcome.DONE, deletion.snapshot)

    upload = restored(as_owner, address)
    assert (upload.new, upload.changed, upload.identical) == (4, 0, 8)
    act(as_owner, upload, "send")
    assert minutes_left(aurorax, source) == list(range(12))


def test_a_deletion_whose_answer_was_lost_is_counted_by_what_is_there(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose() -> None:
        raise errors.Unreachable

    with monkeypatch.context() as patched:
        after_write(patched, "delete", once(lose), EphemerisType)
        confirm(as_owner, address, 12)
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.deleted) == (DeletionState.PAUSED, 0), "Nobody knows by then."
    page = as_owner.post(address, {"decision": "cancel"}, follow=True).content.decode()
    assert "4 of 12 ephemeris records had been deleted by then" in page
    assert minutes_left(aurorax, source) == list(range(4, 12))


def test_what_aurorax_has_accepted_and_not_yet_done_is_waited_for(
    as_owner: Client,
    address: str,
    portal: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    after_write(monkeypatch, "delete", once(cancel), EphemerisType)
    with portal.switched(ingest_delay=600):
        page = confirm(as_owner, address, 12).content.decode()
        assert Deletion.objects.get().state == DeletionState.CANCELLING
        assert "Cancelling: counting what was deleted" in page
        portal.ingest()
    Deletion.objects.update(retry_at=timezone.now())
    assert recover_all() == 1
    assert Deletion.objects.get().state == DeletionState.CANCELLED
    assert Deletion.objects.get().count_deleted == 4


def test_before_anything_was_deleted_cancelling_deletes_nothing(
    as_owner: Client, address: str, source: DataSource, aurorax: AuroraX
) -> None:
    for state in (DeletionState.SAVING, DeletionState.PAUSED):
        Deletion.objects.update(
            state=state, resumes_at=DeletionState.SAVING, lease_until=timezone.now() + timedelta(hours=1)
        )
        assert (
            "Nothing was deleted"
            in as_owner.post(address, {"decision": "cancel"}, follow=True).content.decode()
        )
    assert len(minutes_left(aurorax, source)) == 12
    assert not Event.objects.exists()


def test_a_deletion_that_has_begun_is_not_looked_at_anew(as_owner: Client, address: str) -> None:
    Deletion.objects.update(
        state=DeletionState.PAUSED, resumes_at=DeletionState.DELETING, pause_reason=PauseReason.REFUSED
    )
    assert as_owner.post(address, {"decision": "look_again"}).status_code == 409
    assert Deletion.objects.get().count == 12


def test_the_page_shows_how_many_are_deleted(
    as_owner: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list[str]()

    def look() -> None:
        shown.append(as_owner.get(address, headers=HEADERS).content.decode())

    after_write(monkeypatch, "delete", look, EphemerisType)
    confirm(as_owner, address, 12)
    for count, page in zip((0, 4, 8), shown, strict=True):
        assert f"{count} of 12 ephemeris records deleted" in page
        assert f'value="{count}" max="12"' in " ".join(page.split())
        assert 'hx-trigger="every 2s"' in page


def test_the_page_shows_how_many_are_read(
    as_owner: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Deletion.objects.update(
        state=DeletionState.LOOKING, progress=7, lease_until=timezone.now() + timedelta(hours=1)
    )
    assert "7 ephemeris records read so far" in as_owner.get(address, headers=HEADERS).content.decode()
    Deletion.objects.update(state=DeletionState.SAVING)
    assert "7 of 12 ephemeris records copied" in as_owner.get(address, headers=HEADERS).content.decode()
