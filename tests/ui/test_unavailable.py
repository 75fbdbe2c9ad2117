"""The database or Redis is away: a page says so and tries again, and nothing typed is lost."""

import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as RedisAway

from apps.activity.models import Event
from apps.aurorax import AuroraX
from tests.conftest import NewSource, Sent
from tests.sources.forms import opened
from tests.support.ports import free_port
from tests.support.sandbox import SandboxProcess


def database_away(*args: object, **kwargs: object) -> None:
    raise OperationalError("connection to server at 10.0.0.5 failed: password authentication of portal")


def redis_away(*args: object, **kwargs: object) -> None:
    raise RedisAway("Error 111 connecting to 10.0.0.5:6379")


@pytest.mark.parametrize(("away", "part"), [(database_away, "database"), (redis_away, "Redis")])
def test_a_page_says_so_with_503_and_tries_again_by_itself(
    as_user: Client, monkeypatch: pytest.MonkeyPatch, away: object, part: str
) -> None:
    as_user.raise_request_exception = False
    monkeypatch.setattr("apps.activity.views.events.page_of", away)
    answer = as_user.get(reverse("activity-list"))
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "10", "10")
    assert f"does not answer: its {part}." in page
    assert "10.0.0.5" not in page


def test_also_where_nobody_can_be_recognised_any_more(
    as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", database_away)
    answer = as_user.get(reverse("source-list"))
    assert (answer.status_code, "its database" in answer.content.decode()) == (503, True)


def test_part_of_a_page_gets_a_sentence_in_its_place(
    as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user.raise_request_exception = False
    monkeypatch.setattr("apps.activity.views.events.page_of", database_away)
    headers = {"HX-Request": "true", "HX-Target": "div#event-table"}
    answer = as_user.get(reverse("activity-list"), headers=headers)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Reswap"], "<html" in page) == (503, "innerHTML", False)
    assert "does not answer just now" in page


def test_a_form_is_kept_on_the_page_and_goes_through_when_it_is_sent_from_there(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch, sent: Sent
) -> None:
    source = new_source()
    as_owner.raise_request_exception = False
    address = reverse("source-edit", args=[source.identifier])
    form = opened(as_owner, address) | {"display_name": "A name that was typed"}
    sent.clear()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Event.objects, "create", database_away)
        answer = as_owner.post(address, form)
    page = answer.content.decode()
    assert (answer.status_code, sent.writes) == (503, [])
    assert "It is not known whether" in page
    kept = _fields(page)
    assert kept.pop("csrfmiddlewaretoken")
    assert as_owner.post(address, kept).status_code == 302
    assert aurorax.sources.get(source.identifier).display_name == "A name that was typed"


def test_a_write_whose_end_could_not_be_written_down_stands_as_not_known(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = new_source()
    as_owner.raise_request_exception = False
    address = reverse("source-edit", args=[source.identifier])
    form = opened(as_owner, address) | {"display_name": "It arrived"}
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("apps.activity.models.EventQuerySet.finish", database_away)
        page = as_owner.post(address, form).content.decode()
    assert "has reached AuroraX" in page
    assert "Nothing you sent has reached" not in page
    assert aurorax.sources.get(source.identifier).display_name == "It arrived"
    event = Event.objects.get()
    assert (event.outcome, event.source_identifier) == ("begun", source.identifier)
    assert event.before == {"display_name": source.display_name}
    shown = as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()
    assert "It is not known whether this arrived" in shown


def test_a_fault_of_the_portal_does_not_claim_to_know_what_arrived(
    as_owner: Client, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    source = new_source()
    as_owner.raise_request_exception = False
    address = reverse("source-edit", args=[source.identifier])
    form = opened(as_owner, address) | {"display_name": "It arrived"}
    monkeypatch.setattr("apps.activity.models.EventQuerySet.finish", fault)
    answer = as_owner.post(address, form)
    page = answer.content.decode()
    assert (answer.status_code, Event.objects.get().outcome) == (500, "begun")
    assert "it is not known whether it has reached AuroraX" in page
    assert "Nothing you sent" not in page


def test_lists_answer_while_redis_is_away(
    as_user: Client, portal: SandboxProcess, settings: Settings
) -> None:
    away = {
        "BACKEND": "portal.caching.ForgivingRedisCache",
        "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
    }
    settings.CACHES = {
        "default": away | {"BACKEND": "django.core.cache.backends.redis.RedisCache"},
        "answers": away,
    }
    answer = as_user.get(reverse("source-list"))
    assert (answer.status_code, "themis-asi" in answer.content.decode()) == (200, True)


def _fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
