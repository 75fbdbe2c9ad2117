"""Data sources by people, and one person added or removed on several at once."""

import re
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource


@pytest.fixture
def sources(new_source: NewSource) -> list[DataSource]:
    """Three data sources of one owner: with two maintainers, with one, with none."""
    return [
        new_source(maintainers=["a@example.org", "b@example.org"]),
        new_source(maintainers=["A@example.org"]),
        new_source(display_name="Looked after by nobody"),
    ]


def change(client: Client, verb: str, email: str, sources: list[DataSource], **more: str) -> Any:
    posted = {"verb": verb, "email": email, "source": [source.identifier for source in sources], **more}
    return client.post(reverse("maintainers-change"), posted)


def now(aurorax: AuroraX, sources: list[DataSource]) -> list[tuple[str, ...]]:
    return [aurorax.sources.get(source.identifier).maintainers for source in sources]


def test_the_table_shows_who_maintains_what(
    as_owner: Client, sources: list[DataSource], new_source: NewSource
) -> None:
    other = new_source(owner="owner2@example.org", display_name="Somebody else's")
    html = as_owner.get(reverse("maintainers-all")).content.decode()
    assert html.count("a@example.org maintains it") + html.count("A@example.org maintains it") == 2
    assert html.count("b@example.org maintains it") == 1
    assert other.display_name not in html


def test_the_table_can_be_searched_by_source_and_by_person(
    as_owner: Client, sources: list[DataSource]
) -> None:
    def shown(words: str) -> list[int]:
        html = as_owner.get(reverse("maintainers-all"), {"q": words}).content.decode()
        return [source.identifier for source in sources if f'value="{source.identifier}"' in html]

    assert shown("B@example") == [sources[0].identifier]
    assert shown(sources[2].display_name) == [sources[2].identifier]
    assert shown("a@example.org test-program") == [source.identifier for source in sources[:2]]
    html = as_owner.get(reverse("maintainers-all"), {"q": "nothing at all"}).content.decode()
    assert "None of your data sources matches" in html


def test_an_administrator_sees_every_data_source(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX
) -> None:
    url = reverse("maintainers-all")
    total = len(aurorax.sources.list())
    pages = [as_admin.get(url, {"page": number}).content.decode() for number in range(1, total // 50 + 2)]
    assert sum(html.count('name="source"') for html in pages) == total
    assert pages[0].count('name="source"') == 50
    assert f"{total} data sources" in pages[0]


def test_what_was_chosen_on_another_page_comes_back_ticked_and_first(
    as_admin: Client, sources: list[DataSource]
) -> None:
    html = change(as_admin, "add", "not an address", sources).content.decode()
    ticked = re.findall(r'value="(\d+)"\s+aria-label="Choose [^"]*" checked', html)
    assert ticked == [str(source.identifier) for source in sources]
    assert html.count('name="source"') == 50


def test_somebody_is_added_to_several_and_everybody_else_stays(
    as_owner: Client, sources: list[DataSource], aurorax: AuroraX
) -> None:
    html = change(as_owner, "add", "b@example.org", sources).content.decode()
    assert html.count(">added<") == 2
    assert html.count(">was there already<") == 1
    assert now(aurorax, sources) == [
        ("a@example.org", "b@example.org"),
        ("A@example.org", "b@example.org"),
        ("b@example.org",),
    ]
    assert Event.objects.filter(action="maintainers.assign").exclude(part_of=None).count() == 2
    assert Event.objects.get(part_of=None).after == {"done": 3, "failed": 0}


def test_only_the_chosen_are_changed(as_owner: Client, sources: list[DataSource], aurorax: AuroraX) -> None:
    change(as_owner, "add", "c@example.org", sources[:1])
    assert [len(maintainers) for maintainers in now(aurorax, sources)] == [3, 1, 0]


def test_somebody_is_removed_from_several_after_a_question_about_the_last(
    as_owner: Client, sources: list[DataSource], aurorax: AuroraX
) -> None:
    html = change(as_owner, "remove", "a@example.org", sources).content.decode()
    assert html.count("is the last maintainer of") == 1
    assert [len(maintainers) for maintainers in now(aurorax, sources)] == [2, 1, 0]
    html = change(as_owner, "remove", "a@example.org", sources, confirmed="on").content.decode()
    assert html.count(">removed<") == 2
    assert html.count(">was not there<") == 1
    assert now(aurorax, sources) == [("b@example.org",), (), ()]


@pytest.mark.parametrize(
    ("verb", "email", "count", "message"),
    [
        ("add", "", 1, "Give the e-mail address"),
        ("add", "nobody", 1, "This is not an e-mail address"),
        ("add", "c@example.org", 0, "Choose at least one data source"),
        ("explode", "c@example.org", 1, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_the_choice_stays(
    as_owner: Client, sources: list[DataSource], verb: str, email: str, count: int, message: str
) -> None:
    answer = change(as_owner, verb, email, sources[:count])
    html = answer.content.decode()
    assert answer.status_code == 422
    assert message in html
    assert html.count(" checked>") == count
    assert f'value="{email}"' in html or not email


def test_a_data_source_that_is_gone_is_named(as_owner: Client, sources: list[DataSource]) -> None:
    answer = change(as_owner, "add", "c@example.org", [DataSource(999_999)])
    assert answer.status_code == 422
    assert "There is no data source 999999" in answer.content.decode()


@pytest.mark.parametrize("nonsense", ["²", "x", "9" * 5000, "1\x00"])
def test_a_nonsense_choice_is_told(as_owner: Client, nonsense: str) -> None:
    posted = {"verb": "add", "email": "c@example.org", "source": nonsense}
    answer = as_owner.post(reverse("maintainers-change"), posted)
    assert answer.status_code == 422
    assert "There is no data source" in answer.content.decode()


def test_one_that_is_not_mine_refuses_all_before_anything_is_sent(
    as_owner2: Client, sources: list[DataSource], new_source: NewSource, aurorax: AuroraX
) -> None:
    own = new_source(owner="owner2@example.org")
    assert change(as_owner2, "add", "c@example.org", [own, *sources]).status_code == 403
    assert now(aurorax, [own]) == [()]
    assert not Event.objects.exists()


def test_what_fails_on_one_does_not_stop_the_others(
    as_owner: Client, sources: list[DataSource], aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_send = requests.Session.send

    def refused(
        session: requests.Session, prepared: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        if prepared.method == "PATCH" and str(prepared.url).endswith(f"/{sources[1].identifier}"):
            prepared.body = b"not JSON"
            prepared.headers["Content-Length"] = "8"
        return really_send(session, prepared, **kwargs)

    monkeypatch.setattr(requests.Session, "send", refused)
    html = change(as_owner, "add", "c@example.org", sources).content.decode()
    assert "It did not work on 1 of 3 data sources" in html
    assert [len(maintainers) for maintainers in now(aurorax, sources)] == [3, 1, 1]


def test_who_owns_nothing_yet_is_told_so(as_owner: Client, aurorax: AuroraX) -> None:
    for source in aurorax.sources.list(owner="owner@example.org"):
        aurorax.sources.update(source.identifier, {"owner": "owner2@example.org"})
    assert "You own none yet" in as_owner.get(reverse("maintainers-all")).content.decode()


@pytest.mark.parametrize("person", ["as_user", "as_maintainer"])
def test_others_have_no_such_page(
    person: str, request: pytest.FixtureRequest, sources: list[DataSource]
) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get(reverse("maintainers-all")).status_code == 403
    assert change(client, "add", "c@example.org", sources).status_code == 403
