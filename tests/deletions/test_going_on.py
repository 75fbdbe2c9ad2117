"""Deletions go on by themselves: after maintenance, a lost answer or a new sign-in; and never hold a worker that waits."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.activity import snapshots
from apps.aurorax import AuroraX, DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.deletions.tasks import carry_out
from apps.ephemeris.record_type import EphemerisType
from apps.jobs import leases
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from tests.conftest import SignIn
from tests.deletions.test_deletions import begin, confirm, minutes_left, put
from tests.support.sandbox import SandboxProcess

DELETES = "DELETE /api/v1/data_sources/*/ephemeris"


@pytest.fixture
def address(as_owner: Client, source: DataSource, aurorax: AuroraX) -> str:
    """The page of a deletion of the first ten of twenty minutes, before the decision."""
    put(aurorax, source, range(20))
    return begin(as_owner, source, end="2020-01-01T00:09:00")


def its_time_has_come() -> int:
    """Some minutes later; answers how many jobs were woken."""
    Deletion.objects.update(retry_at=timezone.now())
    return recover_all()


def test_it_goes_on_by_itself_after_maintenance(
    as_owner: Client, address: str, portal: SandboxProcess, source: DataSource, aurorax: AuroraX
) -> None:
    with portal.switched(maintenance=True):
        page = confirm(as_owner, address, 10).content.decode()
        paused = Deletion.objects.get()
        assert (paused.state, paused.pause_reason) == (DeletionState.PAUSED, PauseReason.UNAVAILABLE)
        assert "tries again by itself" in page
        assert recover_all() == 0  # not yet
        assert its_time_has_come() == 1
        again = Deletion.objects.get()
        assert again.retry_at
        assert again.retry_at - timezone.now() > timedelta(minutes=1), "It waits longer each time."
    assert its_time_has_come() == 1
    assert Deletion.objects.get().state == DeletionState.DONE
    assert Deletion.objects.get().count_deleted == 10
    assert minutes_left(aurorax, source) == list(range(10, 20))


def test_it_goes_on_by_itself_after_lost_answers_and_finds_what_they_were(
    as_owner: Client, address: str, portal: SandboxProcess, source: DataSource, aurorax: AuroraX
) -> None:
    with portal.switched(drop_after=1, only=DELETES):
        confirm(as_owner, address, 10)
        assert Deletion.objects.get().pause_reason == PauseReason.UNAVAILABLE
        assert its_time_has_come() == 1  # without asking again: all are gone
    assert Deletion.objects.get().state == DeletionState.DONE
    assert Deletion.objects.get().count_deleted == 10
    assert minutes_left(aurorax, source) == list(range(10, 20))


def test_a_new_sign_in_of_the_same_person_lets_it_go_on(
    as_owner: Client, address: str, portal: SandboxProcess, sign_in: SignIn
) -> None:
    Deletion.objects.update(state=DeletionState.SAVING)
    portal.expire_sessions()
    carry_out.call(str(Deletion.objects.get().pk))
    assert Deletion.objects.get().pause_reason == PauseReason.SIGN_IN
    sign_in("owner2")
    assert Deletion.objects.get().state == DeletionState.PAUSED
    sign_in("owner")
    assert Deletion.objects.get().state == DeletionState.DONE


def test_it_waits_for_aurorax_without_holding_a_worker(
    as_owner: Client,
    address: str,
    portal: SandboxProcess,
    source: DataSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    began = time.monotonic()
    with portal.switched(ingest_delay=600):
        page = confirm(as_owner, address, 10).content.decode()
        assert time.monotonic() - began < settings.UPLOAD_VERIFY_SECONDS / 2
        parked = Deletion.objects.get()
        assert (parked.state, parked.lease_until) == (DeletionState.CHECKING, None)
        assert parked.retry_at
        assert "Checking that nothing is left" in page
        assert 'hx-trigger="every 2s"' in page
        assert its_time_has_come() == 1
        assert Deletion.objects.get().state == DeletionState.CHECKING
        portal.ingest()
    assert its_time_has_come() == 1
    assert Deletion.objects.get().state == DeletionState.DONE
    assert minutes_left(aurorax, source) == list(range(10, 20))


def test_time_that_passes_between_two_workers_counts(
    as_owner: Client, address: str, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "WORKER_SECONDS", 0)
    with portal.switched(ingest_delay=600):
        confirm(as_owner, address, 10)
        Deletion.objects.update(reads_back_since=timezone.now() - timedelta(hours=1))
        its_time_has_come()
    found = Deletion.objects.get()
    assert (found.state, found.pause_reason) == (DeletionState.PAUSED, PauseReason.UNCONFIRMED)
    assert "still shows records" in found.message
    portal.ingest()
    assert its_time_has_come() == 0, "It waits for a person."


def test_the_lease_is_renewed_while_a_search_of_aurorax_takes_longer_than_it(
    as_owner: Client,
    address: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.UPLOAD_LEASE_SECONDS = 0.5
    really_search = EphemerisType.search_window

    def slow(*args: Any) -> Any:
        time.sleep(1.2)
        return really_search(*args)

    monkeypatch.setattr(EphemerisType, "search_window", slow)
    rivals = list[bool]()
    take = snapshots.take

    def taken(**kwargs: Any) -> Any:
        found = take(**kwargs)
        rivals.append(leases.Lease(Deletion.objects.get()).take())
        return found

    monkeypatch.setattr(snapshots, "take", taken)
    confirm(as_owner, address, 10)
    assert rivals == [False]
    assert Deletion.objects.get().state == DeletionState.DONE
