"""Undoing what was done to data sources."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, errors, times
from apps.undo import services
from tests.conftest import NewSource, Sent, SignIn
from tests.sources.forms import EXAMPLE, example_form, opened
from tests.undo.pages import edit, newest, preview, seen_on, undo

SCHEMA = [{"field_name": "state", "description": "", "data_type": "string", "allowed_values": ["a", "b"]}]


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(
        maintainers=["maintainer@example.org", "b@example.org"],
        metadata={"site": {"lat": 1.0}},
        ephemeris_metadata_schema=SCHEMA,
    )


def test_a_change_is_put_back_and_read_back_and_the_undo_can_be_undone(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    before = aurorax.sources.get(source.identifier).to_api()
    event = edit(as_owner, source.identifier, display_name="Wrong", metadata='{"site": 2}', why="a slip")
    after = aurorax.sources.get(source.identifier).to_api()
    assert event.note == "a slip"
    undone = undo(as_owner, event, why="it was right before")
    assert aurorax.sources.get(source.identifier).to_api() == before
    assert (undone.undoes, undone.outcome, undone.note) == (event.pk, "done", "it was right before")
    assert undone.summary == "Undid: Changed display name and metadata"
    again = undo(as_owner, undone)
    assert aurorax.sources.get(source.identifier).to_api() == after
    assert again.summary == "Did again: Changed display name and metadata"
    undo(as_owner, again)
    assert aurorax.sources.get(source.identifier).to_api() == before


def test_what_somebody_has_changed_since_is_left_alone_unless_chosen(
    as_owner: Client, as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    event = edit(as_owner, source.identifier, display_name="First", platform="first")
    edit(as_admin, source.identifier, platform="second")
    page = preview(as_owner, event)
    assert "Somebody has changed it since: left alone." in page
    undone = undo(as_owner, event)
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform) == (source.display_name, "second")
    assert "left alone, as somebody has changed it since: platform" in undone.summary
    undo(as_owner, event, "platform")
    assert aurorax.sources.get(source.identifier).platform == source.platform


def test_what_was_changed_between_looking_and_pressing_is_shown_again(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sent: Sent
) -> None:
    event = edit(as_owner, source.identifier, display_name="First")
    seen = seen_on(preview(as_owner, event))
    aurorax.sources.update(source.identifier, {"display_name": "Second"})
    sent.clear()
    answer = as_owner.post(reverse("activity-undo", args=[event.pk]), {"seen": seen})
    assert answer.status_code == 409
    assert services.CHANGED in answer.content.decode()
    assert sent.writes == []
    assert Event.objects.filter(undoes=event.pk).count() == 0


def test_a_replacement_is_put_back_with_the_owner_it_emptied(
    as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    before = aurorax.sources.get(source.identifier).to_api()
    address = reverse("source-replace", args=[source.identifier])
    posted = opened(as_admin, address) | {
        "owner": "",
        "maintainers": "",
        "display_name": "Bare",
        "metadata": "",
    }
    page = as_admin.post(address, posted).content.decode()
    looked_at = page.partition('name="looked_at"')[2].partition('value="')[2].partition('"')[0]
    as_admin.post(address, posted | {"looked_at": looked_at, "why": "all anew"})
    assert aurorax.sources.get(source.identifier).owner is None
    event = newest(source_identifier=source.identifier)
    assert event.note == "all anew"
    undone = undo(as_admin, event)
    assert aurorax.sources.get(source.identifier).to_api() == before
    undo(as_admin, undone)
    assert aurorax.sources.get(source.identifier).owner is None


def test_maintainers_are_a_set_of_which_only_the_change_is_taken_back(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    add = reverse("maintainers-add", args=[source.identifier])
    as_owner.post(add, {"email": "new@example.org", "why": "summer student"})
    event = newest(source_identifier=source.identifier)
    assert event.note == "summer student"
    as_owner.post(add, {"email": "later@example.org"})
    assert "only what this write added or removed is taken back" in preview(as_owner, event)
    undo(as_owner, event)
    assert aurorax.sources.get(source.identifier).maintainers == (*source.maintainers, "later@example.org")


def test_a_handed_over_data_source_comes_back_to_its_owner_by_an_administrator_only(
    as_owner: Client, as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    event = edit(as_admin, source.identifier, owner="owner2@example.org")
    assert event.action == "source.change_owner"
    refused = as_owner.get(reverse("activity-undo", args=[event.pk]))
    assert refused.status_code == 403
    undo(as_admin, event)
    assert aurorax.sources.get(source.identifier).owner == "owner@example.org"


def test_a_created_data_source_is_removed_again_unless_it_holds_data(
    as_owner: Client, aurorax: AuroraX
) -> None:
    as_owner.post(reverse("source-create"), example_form(why="new camera"))
    event = newest(action="source.create")
    assert event.note == "new camera"
    source = aurorax.sources.get(event.source_identifier or 0)
    record = EphemerisRecord(epoch=times.parse("2020-01-01T00:00:00"))
    aurorax.ephemeris.upload(source.identifier, [record], source=source)
    page = preview(as_owner, event)
    assert "It holds data by now" in page
    assert "1 ephemeris record" in page
    aurorax.ephemeris.delete(source, record.epoch, record.epoch)
    list(aurorax.ephemeris.search(source, record.epoch, record.epoch))
    undone = undo(as_owner, event)
    with pytest.raises(errors.NotFound):
        aurorax.sources.get(source.identifier)
    undo(as_owner, undone)
    assert aurorax.sources.get(source.identifier).to_api() == source.to_api()


def test_a_created_data_source_that_others_have_changed_goes_only_when_chosen(
    as_owner: Client, aurorax: AuroraX
) -> None:
    as_owner.post(reverse("source-create"), example_form())
    event = newest(action="source.create")
    identifier = event.source_identifier or 0
    aurorax.sources.update(identifier, {"platform": "elsewhere"})
    page = preview(as_owner, event)
    assert "Changed since it was created: platform." in page
    answer = as_owner.post(reverse("activity-undo", args=[event.pk]), {"seen": seen_on(page)}, follow=True)
    assert "you chose none of it" in answer.content.decode()
    undo(as_owner, event, "source")
    with pytest.raises(errors.NotFound):
        aurorax.sources.get(identifier)


def deleted(client: Client, source: DataSource, **more: str) -> Event:
    answer = client.post(
        reverse("source-delete", args=[source.identifier]), {"confirmation": source.display_name, **more}
    )
    assert answer.status_code == 302, answer.content.decode()
    return newest(action="source.delete")


def test_a_deleted_data_source_comes_back_with_all_it_had(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    before = aurorax.sources.get(source.identifier).to_api()
    event = deleted(as_owner, source, why="no longer there")
    assert event.note == "no longer there"
    page = preview(as_owner, event)
    assert "2 maintainers and 1 field of metadata schemas" in page
    undone = undo(as_owner, event)
    assert aurorax.sources.get(source.identifier).to_api() == before
    assert undone.source_identifier == source.identifier
    undo(as_owner, undone)
    with pytest.raises(errors.NotFound):
        aurorax.sources.get(source.identifier)


def test_a_deleted_data_source_without_an_owner_comes_back_without_one(
    as_admin: Client, source: DataSource, aurorax: AuroraX
) -> None:
    aurorax.sources.replace(source.identifier, source.to_api() | {"owner": None})
    before = aurorax.sources.get(source.identifier).to_api()
    undo(as_admin, deleted(as_admin, source))
    assert aurorax.sources.get(source.identifier).to_api() == before


def test_a_deleted_data_source_of_another_is_an_administrators_to_bring_back(
    as_owner2: Client, as_admin: Client, source: DataSource
) -> None:
    event = deleted(as_admin, source)
    assert as_owner2.get(reverse("activity-undo", args=[event.pk])).status_code == 403
    assert "Undo" not in as_owner2.get(reverse("activity-detail", args=[event.pk])).content.decode()
    undo(as_admin, event)


def test_whose_identifier_is_taken_comes_back_under_another_and_says_so(
    as_owner: Client, source: DataSource, aurorax: AuroraX, new_source: NewSource
) -> None:
    event = deleted(as_owner, source)
    taken = new_source(identifier=source.identifier, display_name="Took its number")
    page = preview(as_owner, event)
    assert f"The identifier {source.identifier} belongs to Took its number by now" in page
    undone = undo(as_owner, event)
    assert undone.source_identifier not in (None, taken.identifier)
    back = aurorax.sources.get(undone.source_identifier or 0).to_api()
    assert back | {"identifier": source.identifier} == source.to_api()


def test_whose_names_are_taken_cannot_come_back_and_says_why(
    as_owner: Client, source: DataSource, new_source: NewSource
) -> None:
    event = deleted(as_owner, source)
    other = new_source(**source.key, display_name="Took its names")
    assert f"{other.identifier}, Took its names. Two of these cannot be." in preview(as_owner, event)


def test_what_is_as_it_was_already_has_no_button(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    event = edit(as_owner, source.identifier, display_name="First")
    aurorax.sources.update(source.identifier, {"display_name": source.display_name})
    page = preview(as_owner, event)
    assert "There is nothing to put back" in page
    assert "Undo this" not in page


def test_auroraxs_refusal_is_told_and_written_down(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sign_in: SignIn
) -> None:
    """The right may be lost while the portal still believes in it: the names may be taken as well."""
    event = edit(as_owner, source.identifier, platform="moved")
    aurorax.sources.create({**EXAMPLE, **source.key, "display_name": "In its place"})
    page = preview(as_owner, event)
    answer = as_owner.post(reverse("activity-undo", args=[event.pk]), {"seen": seen_on(page), "why": "kept"})
    assert answer.status_code == 422
    assert 'value="kept"' in answer.content.decode()
    assert newest(undoes=event.pk).outcome == "refused"


def several(client: Client, verb: str, email: str, sources: list[DataSource], **more: Any) -> Event:
    posted = {"verb": verb, "email": email, "source": [each.identifier for each in sources], **more}
    answer = client.post(reverse("maintainers-change"), posted)
    assert answer.status_code == 200
    return newest(part_of=None)


def test_a_bulk_change_is_one_event_and_is_undone_in_one_run(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    sources = [new_source(maintainers=["a@example.org"]), new_source(), new_source()]
    event = several(as_owner, "add", "new@example.org", sources, why="term begins")
    assert event.summary == "Added new@example.org to the maintainers of 3 data sources"
    assert (event.outcome, event.note, event.after) == ("done", "term begins", {"done": 3, "failed": 0})
    aurorax.sources.update(sources[1].identifier, {"maintainers": ["new@example.org", "x@example.org"]})
    page = preview(as_owner, event)
    assert "3 of 3 events can be undone" in page
    done = as_owner.post(reverse("activity-undo", args=[event.pk]), {"why": "term is over"}).content.decode()
    assert done.count(">undone<") == 3
    now = [aurorax.sources.get(each.identifier).maintainers for each in sources]
    assert now == [("a@example.org",), ("x@example.org",), ()]
    undone = newest(part_of=None)
    assert (undone.undoes, undone.note) == (event.pk, "term is over")
    assert Event.objects.filter(part_of=undone.pk).count() == 3
    as_owner.post(reverse("activity-undo", args=[undone.pk]))
    now = [aurorax.sources.get(each.identifier).maintainers for each in sources]
    assert now == [
        ("a@example.org", "new@example.org"),
        ("new@example.org", "x@example.org"),
        ("new@example.org",),
    ]


def test_a_part_that_cannot_be_undone_does_not_stop_the_others(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    sources = [new_source(), new_source()]
    event = several(as_owner, "add", "new@example.org", sources)
    aurorax.sources.delete(sources[0].identifier)
    done = as_owner.post(reverse("activity-undo", args=[event.pk])).content.decode()
    assert "It did not work on 1 of 2 data sources" in done
    assert aurorax.sources.get(sources[1].identifier).maintainers == ()
    undone = newest(part_of=None)
    assert (undone.outcome, undone.after) == ("failed", {"done": 1, "failed": 1})


def test_an_event_of_which_it_is_not_known_whether_it_arrived_can_be_undone(
    as_owner: Client, source: DataSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = edit(as_owner, source.identifier, display_name="First")
    Event.objects.filter(pk=event.pk)._raw_delete(Event.objects.db)
    event.outcome, event._state.adding = "begun", True
    event.save()
    undo(as_owner, event)
    assert aurorax.sources.get(source.identifier).display_name == source.display_name
