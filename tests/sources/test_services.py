"""The services ask for permission themselves, whoever calls them."""

from typing import Any, cast

import pytest

from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from apps.permissions import NotAllowed, Role
from apps.sources import services
from apps.sources.changes import editable
from tests.conftest import NewSource

FIELDS = {
    "program": "p",
    "platform": "p",
    "instrument_type": "i",
    "source_type": "ground",
    "display_name": "d",
}


def person(role: Role, email: str = "somebody@example.org") -> User:
    return User(username=email, email=email, role=role)


def test_a_maintainer_cannot_create(aurorax: AuroraX, patches: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        services.create(by=person(Role.MAINTAINER), client=aurorax, fields=FIELDS)


def test_an_owner_cannot_create_for_somebody_else(aurorax: AuroraX) -> None:
    with pytest.raises(NotAllowed):
        services.create(by=person(Role.OWNER), client=aurorax, fields=FIELDS | {"owner": "other@example.org"})


def test_an_owner_elsewhere_can_neither_update_replace_nor_delete(
    aurorax: AuroraX, new_source: NewSource, patches: list[Any]
) -> None:
    source, by = new_source(), person(Role.OWNER)
    with pytest.raises(NotAllowed):
        services.update(by=by, client=aurorax, source=source, base=editable(source), mine={"platform": "x"})
    with pytest.raises(NotAllowed):
        services.replace(by=by, client=aurorax, source=source, fields=FIELDS, seen=source.to_api())
    with pytest.raises(NotAllowed):
        services.delete(by=by, client=aurorax, source=source)
    assert patches == []
    assert not Event.objects.exists()


def test_permission_is_asked_about_the_record_as_it_is_now(
    aurorax: AuroraX, new_source: NewSource, patches: list[Any]
) -> None:
    source, by = new_source(), person(Role.OWNER, "owner@example.org")
    source = aurorax.sources.update(source.identifier, {"owner": "owner2@example.org"})
    patches.clear()
    with pytest.raises(NotAllowed):
        services.update(by=by, client=aurorax, source=source, base=editable(source), mine={"platform": "x"})
    assert patches == []


def test_only_administrators_hand_a_source_over(aurorax: AuroraX, new_source: NewSource) -> None:
    source, by = new_source(), person(Role.OWNER, "owner@example.org")
    with pytest.raises(NotAllowed):
        services.update(
            by=by, client=aurorax, source=source, base=editable(source), mine={"owner": "owner2@example.org"}
        )
    fields = source.to_api() | {"owner": "owner2@example.org"}
    with pytest.raises(NotAllowed):
        services.replace(by=by, client=aurorax, source=source, fields=fields, seen=source.to_api())


def test_what_changed_right_before_a_replacement_stops_it(aurorax: AuroraX, new_source: NewSource) -> None:
    source, by = new_source(), person(Role.ADMINISTRATOR)
    seen = source.to_api()
    source = aurorax.sources.update(source.identifier, {"platform": "changed"})
    with pytest.raises(services.SourceChangedMeanwhile):
        services.replace(by=by, client=aurorax, source=source, fields=seen, seen=seen)
    assert aurorax.sources.get(source.identifier).platform == "changed"


class Meddled:
    """AuroraX with somebody else at work, who changes the platform right after every write."""

    def __init__(self, client: AuroraX) -> None:
        self._client = client
        self.sources = self

    def get(self, identifier: int) -> DataSource:
        return self._client.sources.get(identifier)

    def update(self, identifier: int, changes: dict[str, Any]) -> DataSource:
        self._client.sources.update(identifier, changes)
        return self._client.sources.update(identifier, {"platform": "theirs"})


def test_an_update_that_is_not_there_afterwards_is_told(aurorax: AuroraX, new_source: NewSource) -> None:
    source, client = new_source(), cast("AuroraX", Meddled(aurorax))
    update = services.update(
        by=person(Role.ADMINISTRATOR),
        client=client,
        source=source,
        base=editable(source),
        mine={"platform": "mine", "program": "mine"},
    )
    assert (set(update.sent), update.not_kept) == ({"platform", "program"}, ("platform",))
    event = Event.objects.get()
    assert event.after == {"platform": "theirs", "program": "mine"}
