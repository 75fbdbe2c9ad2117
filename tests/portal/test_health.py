"""What a load balancer and the machine room are told of the portal's health."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.jobs.models import RecoveryRun
from portal import health, queue
from tests.support.ports import free_port

OWN = ("database", "cache", "queue", "storage")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    health.storage_works.cache_clear()
    health.aurorax_answers.cache_clear()
    yield
    health.storage_works.cache_clear()
    health.aurorax_answers.cache_clear()


@pytest.mark.usefixtures("portal")
def test_each_part_is_named_and_when_recovery_last_ran(client: Client) -> None:
    at = timezone.now()
    RecoveryRun.objects.create(kind="uploads", ended_at=at)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert {name: told[name] for name in ("ready", *OWN, "aurorax")} == dict.fromkeys(
        ("ready", *OWN, "aurorax"), True
    )
    assert told["recovery"]["uploads"].startswith(f"{at:%Y-%m-%dT%H:%M:%S}")


@pytest.mark.django_db
def test_an_aurorax_that_is_away_is_named_and_no_unreadiness(client: Client, settings: Settings) -> None:
    settings.AURORAX_API_URL = f"http://127.0.0.1:{free_port()}"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"], answer.json()["aurorax"]) == (200, True, False)


@pytest.mark.parametrize("part", OWN)
@pytest.mark.usefixtures("portal")
def test_a_part_that_is_away_is_named_with_503(
    part: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    place = {
        "database": (connection, "is_usable", lambda: False),
        "cache": (cache, "set", away),
        "queue": (queue, "WAYS", dict.fromkeys(queue.WAYS, away)),
        "storage": (default_storage, "save", away),
    }[part]
    monkeypatch.setattr(*place)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name in OWN if not answer.json()[name]] == [part]


@pytest.mark.usefixtures("portal")
def test_the_check_of_the_storage_leaves_nothing_there(client: Client) -> None:
    client.get("/readyz")
    assert not default_storage.exists("readyz") or default_storage.listdir("readyz")[1] == []


@pytest.mark.usefixtures("portal")
def test_storage_and_aurorax_are_asked_once_in_a_while_only(
    client: Client, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setattr(health, "moment", lambda: 1)
    for _ in range(3):
        client.get("/readyz")
    assert len(asked) == 1


def test_health_is_told_without_tls_from_inside(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/sign-in/").status_code == 301
