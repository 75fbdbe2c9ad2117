"""Partial updates: only what was changed is sent, and somebody else's change is never overwritten unasked."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.middleware import ANSWER_FIELD
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource, Sent
from tests.sources.forms import opened, posted_by
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

SCHEMA: list[dict[str, Any]] = [
    {"field_name": "state", "description": " orbit ", "data_type": "string", "allowed_values": ["a", "b"]},
    {"field_name": "on", "description": "", "data_type": "bool", "allowed_values": [], "searchable": True},
    {
        "field_name": "q",
        "description": "x",
        "data_type": "int",
        "allowed_values": [],
        "additional_description": "",
    },
]


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source with something in every field."""
    return new_source(
        metadata={"a": 1, "b": [True, None, ""]},
        maintainers=["maintainer@example.org"],
        ephemeris_metadata_schema=SCHEMA,
        data_product_metadata_schema=SCHEMA[:1],
    )


def edit(source: DataSource) -> str:
    return reverse("source-edit", args=[source.identifier])


def test_only_what_was_changed_is_sent(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Renamed"}
    answer = as_owner.post(edit(source), form, follow=True)
    assert patches == [{"display_name": "Renamed"}]
    assert "Saved: display name." in answer.content.decode()


def test_nothing_is_sent_when_nothing_was_changed(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    answer = as_owner.post(edit(source), opened(as_owner, edit(source)), follow=True)
    assert patches == []
    assert "Nothing to save" in answer.content.decode()
    assert not Event.objects.filter(action="source.update").exists()


def test_the_event_holds_before_and_after_of_what_was_changed(as_owner: Client, source: DataSource) -> None:
    form = opened(as_owner, edit(source)) | {"platform": "elsewhere", "source_type": "leo"}
    as_owner.post(edit(source), form)
    event = Event.objects.get(action="source.update")
    assert event.summary == "Changed platform and source type"
    assert event.before == {"platform": source.platform, "source_type": "ground"}
    assert event.after == {"platform": "elsewhere", "source_type": "leo"}


def test_metadata_and_schemas_can_be_emptied(
    as_owner: Client, source: DataSource, aurorax: AuroraX, patches: list[dict[str, Any]]
) -> None:
    form = opened(as_owner, edit(source)) | {"metadata": " ", "ephemeris_metadata_schema-TOTAL_FORMS": "0"}
    as_owner.post(edit(source), form)
    assert patches == [{"metadata": {}, "ephemeris_metadata_schema": []}]
    now = aurorax.sources.get(source.identifier)
    assert not now.metadata
    assert now.ephemeris_metadata_schema == ()
    assert now.data_product_metadata_schema == source.data_product_metadata_schema


def test_one_row_of_a_schema_can_be_changed(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    form = opened(as_owner, edit(source)) | {"ephemeris_metadata_schema-1-searchable": ""}
    as_owner.post(edit(source), form)
    changed = aurorax.sources.get(source.identifier).ephemeris_metadata_schema
    assert [field.searchable for field in changed] == [None, None, None]
    assert [field.field_name for field in changed] == ["state", "on", "q"]


@pytest.mark.parametrize(
    ("before", "after"), [('{"a": 1}', '{"a": true}'), ('{"a": 1}', '{"a": 1.0}'), ('{"a": ""}', "{}")]
)
def test_metadata_that_only_looks_alike_is_a_change(
    as_owner: Client, new_source: NewSource, patches: list[dict[str, Any]], before: str, after: str
) -> None:
    source = new_source(metadata=json.loads(before))
    as_owner.post(edit(source), opened(as_owner, edit(source)) | {"metadata": after})
    assert [list(body) for body in patches] == [["metadata"]]


def test_a_required_text_cannot_be_emptied(
    as_owner: Client, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    answer = as_owner.post(edit(source), opened(as_owner, edit(source)) | {"display_name": " "})
    assert answer.status_code == 422
    assert "Give the display name." in answer.content.decode()
    assert patches == []


def test_an_administrator_changes_the_owner_and_cannot_empty_it(
    as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    form = opened(as_admin, edit(source))
    answer = as_admin.post(edit(source), form | {"owner": ""})
    assert answer.status_code == 422
    assert "AuroraX cannot empty the owner" in answer.content.decode()
    as_admin.post(edit(source), form | {"owner": "owner2@example.org"})
    assert aurorax.sources.get(source.identifier).owner == "owner2@example.org"
    assert Event.objects.get(action="source.change_owner").after == {"owner": "owner2@example.org"}


def test_an_owner_cannot_hand_a_source_over_by_a_crafted_request(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    as_owner.post(edit(source), opened(as_owner, edit(source)) | {"owner": "owner2@example.org"})
    assert aurorax.sources.get(source.identifier).owner == "owner@example.org"


def test_changes_to_different_fields_both_stay(
    as_owner: Client, source: DataSource, aurorax: AuroraX, patches: list[dict[str, Any]]
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine"}
    aurorax.sources.update(source.identifier, {"platform": "theirs", "maintainers": ["new@example.org"]})
    patches.clear()
    as_owner.post(edit(source), form)
    assert patches == [{"display_name": "Mine"}]
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform, now.maintainers) == ("Mine", "theirs", ("new@example.org",))


def test_the_same_change_by_both_is_no_conflict(
    as_owner: Client, source: DataSource, aurorax: AuroraX, patches: list[dict[str, Any]]
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Agreed"}
    aurorax.sources.update(source.identifier, {"display_name": "Agreed"})
    patches.clear()
    assert as_owner.post(edit(source), form).status_code == 302
    assert patches == []


class TestTwoPeopleChangeOneField:
    """The person is asked, with everything they typed still there."""

    @pytest.fixture
    def asked(self, as_owner: Client, source: DataSource, aurorax: AuroraX) -> dict[str, str]:
        """The form as it comes back with the question."""
        form = opened(as_owner, edit(source)) | {"display_name": "Mine", "platform": "mine too"}
        aurorax.sources.update(source.identifier, {"display_name": "Theirs"})
        answer = as_owner.post(edit(source), form)
        assert answer.status_code == 422
        assert "Somebody else has changed the display name" in answer.content.decode()
        assert "Theirs" in answer.content.decode()
        back = posted_by(answer)
        assert (back["display_name"], back["platform"], back["asked"]) == ("Mine", "mine too", "display_name")
        assert aurorax.sources.get(source.identifier).platform == source.platform
        return back

    def test_mine_can_be_kept(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, asked: dict[str, str]
    ) -> None:
        as_owner.post(edit(source), asked | {"keep-display_name": "mine"})
        now = aurorax.sources.get(source.identifier)
        assert (now.display_name, now.platform) == ("Mine", "mine too")

    def test_theirs_can_be_kept(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, asked: dict[str, str]
    ) -> None:
        as_owner.post(edit(source), asked | {"keep-display_name": "theirs"})
        now = aurorax.sources.get(source.identifier)
        assert (now.display_name, now.platform) == ("Theirs", "mine too")

    def test_without_a_decision_it_asks_again(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, asked: dict[str, str]
    ) -> None:
        answer = as_owner.post(edit(source), asked)
        assert answer.status_code == 422
        assert "Choose which display name to keep" in answer.content.decode()
        assert aurorax.sources.get(source.identifier).display_name == "Theirs"

    def test_a_further_change_is_asked_about_again(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, asked: dict[str, str]
    ) -> None:
        aurorax.sources.update(source.identifier, {"display_name": "Theirs again"})
        answer = as_owner.post(edit(source), asked | {"keep-display_name": "mine"})
        assert answer.status_code == 422
        assert "Theirs again" in answer.content.decode()

    def test_the_question_survives_another_mistake_and_a_new_row(
        self, as_owner: Client, source: DataSource, asked: dict[str, str]
    ) -> None:
        decided = asked | {"keep-display_name": "theirs"}
        for change in ({"source_type": "wrong"}, {"rows": "add:ephemeris_metadata_schema"}):
            html = as_owner.post(edit(source), decided | change).content.decode()
            assert 'name="asked" value="display_name"' in html
            assert 'value="theirs" checked' in html


def test_what_others_changed_meanwhile_stays_when_something_else_is_asked_about(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine"}
    aurorax.sources.update(source.identifier, {"display_name": "Theirs", "platform": "theirs too"})
    asked = posted_by(as_owner.post(edit(source), form))
    as_owner.post(edit(source), asked | {"keep-display_name": "mine"})
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform) == ("Mine", "theirs too")


def test_a_decision_stays_when_another_field_is_asked_about_later(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine", "platform": "mine"}
    aurorax.sources.update(source.identifier, {"display_name": "Theirs"})
    asked = posted_by(as_owner.post(edit(source), form)) | {"keep-display_name": "theirs"}
    aurorax.sources.update(source.identifier, {"platform": "theirs"})
    again = as_owner.post(edit(source), asked)
    assert 'value="theirs" checked' in again.content.decode()
    decided: dict[str, Any] = {"keep-display_name": "theirs", "keep-platform": "mine"}
    as_owner.post(edit(source), {**posted_by(again), **decided, "asked": ["display_name", "platform"]})
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform) == ("Theirs", "mine")


def test_beside_theirs_stands_who_and_when(as_owner: Client, as_admin: Client, source: DataSource) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine"}
    as_admin.post(edit(source), opened(as_admin, edit(source)) | {"display_name": "Theirs"})
    html = as_owner.post(edit(source), form).content.decode()
    at = Event.objects.get().at
    assert f"(changed by admin@example.org at {at:%Y-%m-%d %H:%M} UTC)" in html


def test_a_change_outside_the_portal_is_said_to_be(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine"}
    aurorax.sources.update(source.identifier, {"display_name": "Theirs"})
    assert "(changed outside this portal)" in as_owner.post(edit(source), form).content.decode()


class TestTwoPeopleChangeOneSchema:
    """Rows are a set: only a row that both have changed is asked about."""

    def test_different_rows_both_stay(self, as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
        mine = opened(as_owner, edit(source)) | {"ephemeris_metadata_schema-2-description": "mine"}
        added = {"field_name": "new", "description": "theirs", "data_type": "int", "allowed_values": []}
        aurorax.sources.update(source.identifier, {"ephemeris_metadata_schema": [*SCHEMA[1:], added]})
        assert as_owner.post(edit(source), mine).status_code == 302
        now = aurorax.sources.get(source.identifier).ephemeris_metadata_schema
        assert [(row.field_name, row.description) for row in now] == [
            ("on", ""),
            ("q", "mine"),
            ("new", "theirs"),
        ]

    @pytest.mark.parametrize(("keep", "expected"), [("mine", "mine"), ("theirs", "theirs")])
    def test_one_row_changed_by_both_is_asked_about(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, keep: str, expected: str
    ) -> None:
        mine = opened(as_owner, edit(source)) | {"ephemeris_metadata_schema-2-description": "mine"}
        theirs = [SCHEMA[0] | {"description": "theirs too"}, SCHEMA[1], SCHEMA[2] | {"description": "theirs"}]
        aurorax.sources.update(source.identifier, {"ephemeris_metadata_schema": theirs})
        answer = as_owner.post(edit(source), mine)
        assert "Ephemeris metadata schema, q: two people changed it" in answer.content.decode()
        as_owner.post(edit(source), posted_by(answer) | {"keep-ephemeris_metadata_schema.q": keep})
        now = aurorax.sources.get(source.identifier).ephemeris_metadata_schema
        assert [row.description for row in now] == ["theirs too", "", expected]

    @pytest.mark.parametrize(("keep", "left"), [("mine", ["state", "on"]), ("theirs", ["state", "on", "q"])])
    def test_a_row_that_one_removes_and_the_other_changes_is_asked_about(
        self, as_owner: Client, source: DataSource, aurorax: AuroraX, keep: str, left: list[str]
    ) -> None:
        opened_form = opened(as_owner, edit(source))
        command = opened_form | {"rows": "remove:ephemeris_metadata_schema:2"}
        mine = {**opened_form, **posted_by(as_owner.post(edit(source), command))}
        theirs = [*SCHEMA[:2], SCHEMA[2] | {"description": "theirs"}]
        aurorax.sources.update(source.identifier, {"ephemeris_metadata_schema": theirs})
        answer = as_owner.post(edit(source), mine)
        assert answer.status_code == 422
        as_owner.post(edit(source), posted_by(answer) | {"keep-ephemeris_metadata_schema.q": keep})
        now = aurorax.sources.get(source.identifier).ephemeris_metadata_schema
        assert [row.field_name for row in now] == left


@pytest.mark.parametrize("base", ["", "altered"])
def test_a_form_of_an_unknown_version_is_not_saved(
    as_owner: Client, source: DataSource, aurorax: AuroraX, base: str
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Mine", "base": base}
    answer = as_owner.post(edit(source), form)
    assert answer.status_code == 422
    assert "cannot tell which version" in answer.content.decode()
    assert aurorax.sources.get(source.identifier).display_name == source.display_name
    assert posted_by(answer)["display_name"] == "Mine"


def test_the_version_of_another_data_source_is_not_taken(
    as_owner: Client, source: DataSource, new_source: NewSource
) -> None:
    form = opened(as_owner, edit(source)) | {"base": opened(as_owner, edit(new_source()))["base"]}
    assert as_owner.post(edit(source), form).status_code == 422


def test_refusals_of_aurorax_leave_the_form_as_it_was(
    as_owner: Client, source: DataSource, new_source: NewSource
) -> None:
    other = new_source()
    answer = as_owner.post(edit(source), opened(as_owner, edit(source)) | other.key)
    assert answer.status_code == 422
    assert posted_by(answer)["platform"] == other.platform


def test_a_sign_in_that_has_ended_is_asked_for_and_nothing_is_lost(
    as_owner: Client, source: DataSource, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Typed before", "metadata": '{\r\n"a": "b"}'}
    portal.expire_sessions()
    answer = as_owner.post(edit(source), form)
    assert answer.status_code == 401
    assert aurorax.sources.get(source.identifier).display_name == source.display_name
    again = posted_by(answer, form_id="*") | {ANSWER_FIELD: "sandbox-owner"}
    assert as_owner.post(edit(source), again).status_code == 302
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.metadata) == ("Typed before", {"a": "b"})


def test_a_lost_answer_is_no_failure(
    as_owner: Client, source: DataSource, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    form = opened(as_owner, edit(source)) | {"display_name": "Arrived"}
    portal.switch(drop_after=1, times=1, only="PATCH *")
    assert as_owner.post(edit(source), form).status_code == 302
    assert aurorax.sources.get(source.identifier).display_name == "Arrived"


@pytest.mark.parametrize("person", ["as_user", "as_maintainer", "as_owner2"])
def test_others_may_not_edit(
    person: str, request: pytest.FixtureRequest, source: DataSource, patches: list[dict[str, Any]]
) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get(edit(source)).status_code == 403
    assert client.post(edit(source), {"display_name": "Taken"}).status_code == 403
    assert patches == []


def test_saving_makes_three_calls_in_a_row(as_owner: Client, new_source: NewSource, sent: Sent) -> None:
    """Each takes two seconds on a slow day: the record as it is, the change, the record as it is kept."""
    source = new_source()
    address = reverse("source-edit", args=[source.identifier])
    form = opened(as_owner, address) | {"display_name": "Another name"}
    sent.clear()
    assert as_owner.post(address, form).status_code == 302
    assert [line.partition(" ")[0] for line in sent] == ["GET", "PATCH", "GET"]
