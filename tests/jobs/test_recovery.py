"""Looking for lost work survives whatever happens, and says when it was last done."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as RedisAway

from apps.jobs import recovery
from apps.jobs.management.commands.worker import keep_recovering
from apps.jobs.models import RecoveryRun


@pytest.fixture
def recoveries(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Callable[[], int]]]:
    """The kinds of work there are, for this test alone."""
    kinds: dict[str, Callable[[], int]] = {}
    monkeypatch.setattr(recovery, "_kinds", lambda: [*kinds.items()])
    yield kinds
    recovery._unrecorded.clear()


def fails() -> int:
    raise RedisAway("Error 111 connecting to 127.0.0.1:6379")


@pytest.mark.django_db
def test_one_kind_that_fails_does_not_keep_the_next_from_being_recovered(
    recoveries: dict[str, Callable[[], int]],
) -> None:
    recoveries |= {"uploads": fails, "deletions": lambda: 2}
    assert recovery.recover_all() == 2


@pytest.mark.django_db
def test_when_it_last_ran_and_what_failed_is_kept(recoveries: dict[str, Callable[[], int]]) -> None:
    recoveries |= {"uploads": fails, "deletions": lambda: 0}
    recovery.recover_all()
    recovery.recover_all()
    failing, fine = RecoveryRun.objects.get(kind="uploads"), RecoveryRun.objects.get(kind="deletions")
    assert (failing.ended_at, failing.failures, failing.failed_at is None) == (None, 2, False)
    assert (fine.ended_at is None, fine.failures) == (False, 0)
    recoveries["uploads"] = lambda: 0
    recovery.recover_all()
    failing.refresh_from_db()
    assert (failing.ended_at is None, failing.failures) == (False, 2)


@pytest.mark.django_db
def test_failures_that_the_database_did_not_take_are_counted_when_it_is_back(
    recoveries: dict[str, Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    recoveries["uploads"] = fails
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(RecoveryRun.objects, "get_or_create", away)
        meanwhile.setattr(recovery, "close_old_connections", lambda: None)
        recovery.recover_all()
        recovery.recover_all()
    recovery.recover_all()
    assert RecoveryRun.objects.get(kind="uploads").failures == 3


def test_the_worker_goes_on_recovering_after_any_exception(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Over(BaseException):
        """The one way out of the loop."""

    rounds = iter([RedisAway("away"), OSError("disk"), RuntimeError("a fault"), Over()])

    def recover_all() -> int:
        raise next(rounds)

    settings.UPLOAD_LEASE_SECONDS = 0.02
    monkeypatch.setattr("apps.jobs.management.commands.worker.recover_all", recover_all)
    monkeypatch.setattr("apps.jobs.management.commands.worker.connection.close", lambda: None)
    with caplog.at_level(logging.ERROR), pytest.raises(Over):
        keep_recovering()
    assert len([each for each in caplog.records if "could not be looked for" in each.message]) == 3
