"""Adding one person never rewrites somebody else's change."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pytest_django import Settings

from apps.accounts.models import User
from apps.activity.causes import Cause
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, errors
from apps.maintainers import locks, services
from apps.maintainers.changes import MaintainerChange, Verb
from apps.maintainers.locks import source_lock
from apps.permissions import NotAllowed, Role
from tests.conftest import NewSource

OWNER = User(username="owner@example.org", email="owner@example.org", role=Role.OWNER)
NEW = MaintainerChange(Verb.ADD, "new@example.org")


class Meddled:
    """AuroraX with somebody else at work, who overwrites the list right after the first writes."""

    def __init__(self, client: AuroraX, *, after_write: list[list[str]]) -> None:
        self._client = client
        self._after_write = after_write
        self.sources = self

    def get(self, identifier: int) -> DataSource:
        return self._client.sources.get(identifier)

    def update(self, identifier: int, changes: dict[str, Any]) -> DataSource:
        self._client.sources.update(identifier, changes)
        if self._after_write:
            self._client.sources.update(identifier, {"maintainers": self._after_write.pop(0)})
        return self._client.sources.get(identifier)


def test_the_list_is_read_right_before_it_is_changed(aurorax: AuroraX, new_source: NewSource) -> None:
    stale = new_source(maintainers=["a@example.org"])
    aurorax.sources.update(stale.identifier, {"maintainers": ["a@example.org", "theirs@example.org"]})
    result = services.apply(by=OWNER, client=aurorax, source=stale, change=NEW)
    assert result.source.maintainers == ("a@example.org", "theirs@example.org", "new@example.org")


def test_a_change_that_was_lost_is_made_again(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source(maintainers=["a@example.org"])
    client: Any = Meddled(aurorax, after_write=[["a@example.org", "theirs@example.org"]])
    result = services.apply(by=OWNER, client=client, source=source, change=NEW)
    assert result.source.maintainers == ("a@example.org", "theirs@example.org", "new@example.org")
    assert Event.objects.count() == 2


def test_somebody_who_keeps_undoing_it_ends_in_a_sentence(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source(maintainers=["a@example.org"])
    client: Any = Meddled(aurorax, after_write=[["a@example.org"]] * 10)
    with pytest.raises(errors.TryAgain, match="keeps changing the maintainers"):
        services.apply(by=OWNER, client=client, source=source, change=NEW)


def test_what_is_so_already_sends_nothing(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source(maintainers=["New@Example.org"])
    assert not services.apply(by=OWNER, client=aurorax, source=source, change=NEW).changed
    assert not Event.objects.exists()


def test_permission_is_asked_about_the_record_as_it_is_now(aurorax: AuroraX, new_source: NewSource) -> None:
    source = new_source()
    aurorax.sources.update(source.identifier, {"owner": "owner2@example.org"})
    with pytest.raises(NotAllowed):
        services.apply(by=OWNER, client=aurorax, source=source, change=NEW)
    assert aurorax.sources.get(source.identifier).maintainers == ()


@pytest.mark.django_db(transaction=True)
def test_people_who_add_at_the_same_moment_all_stay(
    portal: object, aurorax: AuroraX, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = new_source()
    wanted = {f"person{number}@example.org" for number in range(6)}
    monkeypatch.setattr(services, "_send", _send_without_event)

    def add(address: str) -> None:
        services.apply(by=OWNER, client=aurorax, source=source, change=MaintainerChange(Verb.ADD, address))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add, wanted))
    assert set(aurorax.sources.get(source.identifier).maintainers) == wanted


def _send_without_event(
    by: User, client: AuroraX, current: DataSource, change: MaintainerChange, cause: Cause
) -> DataSource:
    """Threads of a test have database connections of their own; what is looked at here is AuroraX."""
    return client.sources.update(current.identifier, {"maintainers": change.on(current.maintainers)})


def test_a_turn_that_does_not_come_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.1)
    with (
        source_lock(1),
        source_lock(2),
        pytest.raises(errors.TryAgain, match="Somebody else is changing"),
        source_lock(1),
    ):
        pass


def test_a_turn_is_handed_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), source_lock(1):
        raise ZeroDivisionError
    with source_lock(1):
        pass


@pytest.mark.services
def test_with_redis_a_turn_is_kept_from_other_machines_and_never_taken_from_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHE = "redis"
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.1)
    theirs = locks._machine_lock(1)  # as another machine would have it
    assert theirs.acquire()
    with pytest.raises(errors.TryAgain, match="Somebody else is changing"), source_lock(1):
        pass
    theirs.release()
    with source_lock(1):
        locks._redis(settings.REDIS_URL).delete(theirs.name)  # as if it had taken too long
        assert theirs.acquire()
    assert theirs.owned()
    theirs.release()


def test_an_aurorax_that_does_not_answer_is_not_asked_for_each(
    aurorax: AuroraX, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, asked = [new_source() for _ in range(3)], []

    def silent(**given: Any) -> services.Result:
        asked.append(given["source"])
        raise errors.Unreachable

    monkeypatch.setattr(services, "apply", silent)
    results = services.apply_to_several(by=OWNER, client=aurorax, sources=sources, change=NEW)
    assert [result.failed for result in results] == [True, True, True]
    assert results[2].message.startswith("Not tried.")
    assert asked == sources[:1]


def test_a_sign_in_that_has_ended_is_passed_on(
    aurorax: AuroraX, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(**given: Any) -> services.Result:
        raise errors.NotSignedIn

    monkeypatch.setattr(services, "apply", ended)
    with pytest.raises(errors.NotSignedIn):
        services.apply_to_several(by=OWNER, client=aurorax, sources=[new_source()], change=NEW)
