"""A metadata schema is given to several data sources: chosen, looked at, done, and undone."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, errors
from apps.aurorax.sources import Sources
from tests.conftest import NewSource, Sent
from tests.sources.forms import Form

NAME = "ephemeris_metadata_schema"
STATE = {
    "field_name": "state",
    "description": "What it saw",
    "data_type": "string",
    "allowed_values": ["arc"],
}
QUALITY = {"field_name": "quality", "description": "", "data_type": "int", "allowed_values": []}


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(**{NAME: [STATE, QUALITY]})


def address(source: DataSource) -> str:
    return reverse("source-schema-copy", args=[source.identifier, NAME])


def post(client: Client, source: DataSource, *others: DataSource, **fields: str) -> str:
    posted = {"source": [str(each.identifier) for each in others], **fields}
    answer = client.post(address(source), posted)
    return " ".join(unescape(answer.content.decode()).split())


def fields_of(aurorax: AuroraX, source: DataSource) -> list[str]:
    return [field.field_name for field in aurorax.sources.get(source.identifier).ephemeris_metadata_schema]


def test_it_is_shown_what_changes_on_each_before_anything_is_sent(
    as_owner: Client, source: DataSource, new_source: NewSource, aurorax: AuroraX, sent: Sent
) -> None:
    empty, other = (
        new_source(),
        new_source(**{NAME: [STATE | {"allowed_values": ["arc", "rays"]}, QUALITY | {"field_name": "old"}]}),
    )
    record = EphemerisRecord(datetime(2020, 1, 1, tzinfo=UTC), metadata={"state": "rays", "old": 1})
    aurorax.ephemeris.upload(other.identifier, [record], source=other)
    sent.clear()
    html = post(as_owner, source, empty, other)
    assert not sent.writes
    assert "<dt>New fields</dt> <dd> <code>state</code>, <code>quality</code> </dd>" in html
    assert "<dt>Fields that are described otherwise now</dt> <dd> <code>state</code> </dd>" in html
    assert "<dt>Fields that are described no more</dt> <dd> <code>old</code> </dd>" in html
    assert "Of a sample of 1 of its 1 ephemeris records, 1 would not fit any more." in html
    assert "Give it to 2 data sources" in html


def test_all_of_them_get_it_and_one_undo_takes_it_back(
    as_owner: Client, source: DataSource, new_source: NewSource, aurorax: AuroraX
) -> None:
    others = [new_source(), new_source(**{NAME: [QUALITY]})]
    seen = Form(post(as_owner, source, *others), "schema-copy-preview").values["seen"]
    html = post(as_owner, source, *others, seen=seen, why="All alike")
    assert f"2 data sources have the schema of {source.display_name} now." in html
    assert [fields_of(aurorax, each) for each in others] == [["state", "quality"]] * 2
    bulk = Event.objects.get(summary__startswith="Gave 2 data sources the ephemeris metadata schema of")
    assert bulk.note == "All alike"
    page = as_owner.get(reverse("activity-undo", args=[bulk.pk])).content.decode()
    fields = Form(page, "undo").values
    as_owner.post(reverse("activity-undo", args=[bulk.pk]), fields, follow=True)
    assert [fields_of(aurorax, each) for each in others] == [[], ["quality"]]


def test_what_somebody_has_changed_after_the_look_is_shown_again(
    as_owner: Client, source: DataSource, new_source: NewSource, aurorax: AuroraX
) -> None:
    other = new_source()
    seen = Form(post(as_owner, source, other), "schema-copy-preview").values["seen"]
    aurorax.sources.update(other.identifier, {NAME: [QUALITY]})
    html = post(as_owner, source, other, seen=seen)
    assert "Give it to 1 data source" in html
    assert fields_of(aurorax, other) == ["quality"]


def test_one_that_has_it_already_is_left_alone(
    as_owner: Client, source: DataSource, new_source: NewSource, sent: Sent
) -> None:
    same = new_source(**{NAME: [STATE, QUALITY]})
    html = post(as_owner, source, same)
    assert "Has this schema already: nothing is sent." in html
    assert "Give it to" not in html


def test_a_failure_on_one_does_not_stop_the_others(
    as_owner: Client,
    source: DataSource,
    new_source: NewSource,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone, other = new_source(), new_source()
    seen = Form(post(as_owner, source, gone, other), "schema-copy-preview").values["seen"]
    real = Sources.update

    def update(sources: Sources, identifier: int, changes: Any) -> DataSource:
        if identifier == gone.identifier:
            raise errors.NotFound("There is no such data source.")
        return real(sources, identifier, changes)

    with monkeypatch.context() as patch:
        patch.setattr(Sources, "update", update)
        html = post(as_owner, source, gone, other, seen=seen)
    assert "It did not work on 1 of 2 data sources." in html
    assert fields_of(aurorax, other) == ["state", "quality"]


def test_only_ones_own_are_offered_and_taken(
    as_owner: Client, as_owner2: Client, source: DataSource, new_source: NewSource
) -> None:
    theirs = new_source(owner="owner2@example.org")
    html = as_owner.get(address(source)).content.decode()
    assert f'value="{theirs.identifier}"' not in html
    assert "that is yours to change" in post(as_owner, source, theirs)
    assert as_owner2.get(address(source)).status_code == 403


def test_nothing_chosen_and_too_much_chosen_is_said(
    as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch, new_source: NewSource
) -> None:
    assert "Choose at least one data source." in post(as_owner, source)
    monkeypatch.setattr("apps.sources.forms.copying.MOST", 1)
    assert "Choose at most 1 at a time" in post(as_owner, source, new_source(), new_source())


def test_a_schema_that_does_not_exist_is_not_found(as_owner: Client, source: DataSource) -> None:
    assert as_owner.get(reverse("source-schema-copy", args=[source.identifier, "colours"])).status_code == 404
