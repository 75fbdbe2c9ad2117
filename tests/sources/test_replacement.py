"""Replacing the whole record: the difference is shown first, and nothing else is sent than what was shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource
from tests.sources.forms import Form, opened


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source with something to lose."""
    return new_source(metadata={"a": 1}, maintainers=["maintainer@example.org"], display_name="Before")


def replace(source: DataSource) -> str:
    return reverse("source-replace", args=[source.identifier])


def looked_at(client: Client, source: DataSource, **changes: str) -> tuple[str, dict[str, str]]:
    """The page with the difference, and what its form would post."""
    answer = client.post(replace(source), opened(client, replace(source)) | changes)
    assert answer.status_code == 200
    html = answer.content.decode()
    return html, Form(html, "replacement").values


def test_the_difference_is_shown_before_anything_is_sent(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    html, _ = looked_at(as_owner, source, display_name="After", maintainers="", metadata="")
    assert "What would change" in html
    assert "Before" in html
    assert "After" in html
    assert html.count("nothing: it is emptied") == 2
    assert patches == []


def test_the_confirmed_record_replaces_the_old_one(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    _, form = looked_at(as_owner, source, display_name="After", maintainers="", metadata="")
    answer = as_owner.post(replace(source), form, follow=True)
    assert "The whole record is replaced." in answer.content.decode()
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.maintainers, now.metadata or None) == ("After", (), None)
    assert (now.owner, now.platform) == (source.owner, source.platform)
    event = Event.objects.get(action="source.update")
    assert (event.before, event.after) == (source.to_api(), now.to_api())


def test_everything_that_was_not_touched_is_sent_again(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    _, form = looked_at(as_owner, source, display_name="After")
    as_owner.post(replace(source), form)
    assert patches == [source.to_api() | {"display_name": "After"}]


def test_a_record_that_changed_meanwhile_is_shown_again(
    as_owner: Client, source: DataSource, aurorax: AuroraX, patches: list[dict[str, Any]]
) -> None:
    _, form = looked_at(as_owner, source, display_name="After")
    aurorax.sources.update(source.identifier, {"platform": "theirs"})
    patches.clear()
    html = as_owner.post(replace(source), form).content.decode()
    assert "look at the difference again" in html
    assert patches == []
    as_owner.post(replace(source), Form(html, "replacement").values)
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform) == ("After", "theirs")


def test_maintainers_are_merged_as_a_set_and_what_both_changed_is_named(
    as_owner: Client, as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    form = opened(as_owner, replace(source)) | {
        "maintainers": "maintainer@example.org\nowner2@example.org",
        "display_name": "Mine",
    }
    theirs = opened(as_admin, reverse("source-edit", args=[source.identifier])) | {"display_name": "Theirs"}
    as_admin.post(reverse("source-edit", args=[source.identifier]), theirs)
    aurorax.sources.update(source.identifier, {"maintainers": ["user@example.org"]})
    html = as_owner.post(replace(source), form).content.decode()
    assert "changed by admin@example.org at" in html
    as_owner.post(replace(source), Form(html, "replacement").values)
    now = aurorax.sources.get(source.identifier)
    assert set(now.maintainers) == {"owner2@example.org", "user@example.org"}
    assert now.display_name == "Mine"


def test_taking_the_last_maintainer_or_oneself_off_is_asked_about(
    as_owner: Client, source: DataSource
) -> None:
    html, _ = looked_at(as_owner, source, maintainers="")
    assert "maintainer@example.org is the last maintainer of Before" in html


def test_a_confirmation_for_another_form_counts_for_nothing(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    _, form = looked_at(as_owner, source, display_name="After")
    html = as_owner.post(replace(source), form | {"display_name": "Smuggled"}).content.decode()
    assert "look at the difference again" in html
    assert patches == []


def test_the_form_comes_back_as_it_was_typed(as_owner: Client, source: DataSource) -> None:
    _, form = looked_at(as_owner, source, display_name="After", maintainers="\r\nnew@example.org")
    answer = as_owner.post(replace(source), form | {"rows": "show"})
    kept = Form(answer.content.decode()).values
    assert (kept["display_name"], kept["maintainers"].strip()) == ("After", "new@example.org")


def test_no_difference_offers_no_replacement(as_owner: Client, source: DataSource) -> None:
    html, _ = looked_at(as_owner, source)
    assert "the record is already like this" in html
    assert "btn-danger" not in html.split('id="replacement"')[1]


def test_wrong_values_are_explained_first(as_owner: Client, source: DataSource) -> None:
    form = opened(as_owner, replace(source)) | {"platform": "x" * 51}
    answer = as_owner.post(replace(source), form)
    assert answer.status_code == 422
    assert "At most 50 characters" in answer.content.decode()


def test_an_owner_cannot_hand_it_over_by_a_crafted_request(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    _, form = looked_at(as_owner, source, display_name="After")
    as_owner.post(replace(source), form | {"owner": "owner2@example.org"})
    assert aurorax.sources.get(source.identifier).owner == "owner@example.org"


def test_aurorax_refusing_leaves_the_form(
    as_owner: Client, source: DataSource, new_source: NewSource
) -> None:
    _, form = looked_at(as_owner, source, **new_source().key)
    answer = as_owner.post(replace(source), form)
    assert answer.status_code == 422
    assert Form(answer.content.decode()).values["display_name"] == "Before"


@pytest.mark.parametrize("person", ["as_user", "as_maintainer", "as_owner2"])
def test_others_may_not_replace(person: str, request: pytest.FixtureRequest, source: DataSource) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get(replace(source)).status_code == 403
    assert client.post(replace(source), {}).status_code == 403
