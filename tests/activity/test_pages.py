"""The activity pages."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.models import AppendOnly, Event
from apps.activity.recording import AuditEntry, record
from apps.aurorax import DataSource
from tests.conftest import NewSource

SOURCE = DataSource(identifier=7, program="p", platform="q", instrument_type="r", display_name="Seven")


def happened(by: User, summary: str, **fields: Any) -> Event:
    action = fields.pop("action", "source.update")
    outcome = fields.pop("outcome", "done")
    return record(by=by, action=action, entry=AuditEntry(summary, **fields), outcome=outcome)


@pytest.fixture
def owner(as_owner: Client) -> User:
    return User.objects.get(email="owner@example.org")


def summaries(client: Client, **filters: str) -> list[str]:
    page = client.get(reverse("activity-list"), filters)
    assert page.status_code == 200
    return [event.summary for event in page.context["page"]]


def test_the_newest_event_comes_first(as_owner: Client, owner: User) -> None:
    happened(owner, "first")
    happened(owner, "second")
    assert summaries(as_owner) == ["second", "first"]


def test_events_are_filtered_by_person_action_source_and_outcome(
    as_owner: Client, owner: User, as_admin: Client
) -> None:
    admin = User.objects.get(email="admin@example.org")
    happened(owner, "mine", source=SOURCE)
    happened(owner, "deletion", action="ephemeris.delete")
    happened(admin, "refused", outcome="refused")
    assert summaries(as_owner, person="ADMIN@") == ["refused"]
    assert summaries(as_owner, action="ephemeris.delete") == ["deletion"]
    assert summaries(as_owner, source="7") == ["mine"]
    assert summaries(as_owner, outcome="refused") == ["refused"]
    assert summaries(as_owner, person="owner", source="7", action="source.update") == ["mine"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"source": "seven"}, "Data source: Write the number of a data source, as 103."),
        ({"action": "no.such", "page": "x"}, "Kind: Select a valid choice. no.such is not"),
        ({"person": "\0"}, "Person: Null characters are not allowed."),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(
    as_owner: Client, owner: User, query: dict[str, str], message: str
) -> None:
    happened(owner, "kept")
    answer = as_owner.get(reverse("activity-list"), query)
    page = answer.content.decode()
    told = page.count(message)  # in the summary, and in the place of the table
    assert (answer.status_code, told) == (422, 2)
    assert ">kept<" not in page
    export = as_owner.get(reverse("activity-export"), query)
    assert (export.status_code, export.headers["Location"]) == (302, f"/activity/?{urlencode(query)}")


def test_a_data_source_that_cannot_be_has_no_events(as_owner: Client, owner: User) -> None:
    happened(owner, "kept")
    assert summaries(as_owner, source="9" * 30) == []


def test_nothing_found_says_so(as_owner: Client) -> None:
    assert "No event matches" in as_owner.get(reverse("activity-list"), {"person": "nobody"}).content.decode()


def test_nothing_to_show_yet_offers_no_way_back(as_owner: Client) -> None:
    page = as_owner.get(reverse("activity-list")).content.decode()
    assert "Nothing has happened here" in page
    assert "Show everything" not in page


def test_the_link_to_the_export_follows_the_filter(as_owner: Client, owner: User) -> None:
    happened(owner, "kept", source=SOURCE)
    headers = {"HX-Request": "true", "HX-Target": "div#event-table"}
    fragment = as_owner.get(reverse("activity-list"), {"source": "7", "page": "1"}, headers=headers)
    assert 'href="/activity/export.csv?source=7"' in fragment.content.decode()


def test_the_list_comes_in_pages(as_owner: Client, owner: User) -> None:
    for number in range(51):
        happened(owner, f"event {number}")
    assert summaries(as_owner, page="2") == ["event 0"]
    assert "Page 1 of 2" in as_owner.get(reverse("activity-list")).content.decode()


def test_htmx_gets_only_the_table(as_owner: Client, owner: User) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#event-table"}
    fragment = as_owner.get(reverse("activity-list"), headers=headers).content.decode()
    assert fragment.startswith('<div id="event-table">')


def test_an_event_shows_before_and_after_and_marks_only_what_differs(as_owner: Client, owner: User) -> None:
    before = {
        "epoch": "2020-01-01T00:00:00",
        "location_geo": {"lat": 1.0, "lon": 2.0},
        "metadata": {"gone": True},
    }
    after = {
        "epoch": "2020-01-01T00:00:00",
        "location_geo": {"lat": 1.5, "lon": 2.0},
        "metadata": {"new": "yes"},
    }
    event = happened(owner, "changed", source=SOURCE, before=before, after=after)
    page = as_owner.get(reverse("activity-detail", args=[event.pk]))
    differing = {field.name for field in page.context["changed"]}
    assert differing == {"location_geo.lat", "metadata.gone", "metadata.new"}
    assert page.content.decode().count('<tr class="differs">') == 3
    assert "3 fields changed, 2 not" in page.content.decode()


def test_what_somebody_typed_is_shown_as_text(as_owner: Client, owner: User) -> None:
    event = happened(owner, "<script>alert(1)</script>", before={"name": "<b>"}, after={"name": "<i>"})
    page = as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page


def test_an_unknown_event_is_not_found(as_owner: Client) -> None:
    missing = reverse("activity-detail", args=["00000000-0000-0000-0000-000000000000"])
    assert as_owner.get(missing).status_code == 404


def test_the_export_holds_what_the_filter_shows_and_runs_no_formula(as_owner: Client, owner: User) -> None:
    happened(owner, '=HYPERLINK("http://elsewhere.example")', source=SOURCE, after={"a": -1})
    happened(owner, "left out")
    answer = as_owner.get(reverse("activity-export"), {"source": "7"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["summary"].startswith("'=HYPERLINK")
    assert (row["person"], row["source_identifier"], row["after"]) == ("owner@example.org", "7", '{"a": -1}')
    assert "activity.csv" in answer.headers["Content-Disposition"]


def test_the_export_carries_every_note_and_whose_thing_it_was(
    as_owner: Client, owner: User, client: Client
) -> None:
    client.post("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-user"})
    stranger = User.objects.get(username__startswith="API key")
    happened(stranger, "by who says so", made_by=owner)
    happened(owner, "by the person", made_by=stranger)
    answer = as_owner.get(reverse("activity-export"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    notes = {
        row["summary"]: (row["person"], row["note"], row["made_by"], row["made_by_note"])
        for row in csv.DictReader(io.StringIO(text))
    }
    email, stated = "owner@example.org", "address stated with an API key"
    assert notes == {
        "by who says so": (email, stated, email, ""),
        "by the person": (email, "", email, stated),
    }
    page = as_owner.get(reverse("activity-list")).content.decode()
    assert page.count("made by owner@example.org") == 2


def test_the_export_has_a_column_for_everything_an_event_says(as_owner: Client, owner: User) -> None:
    happened(owner, "anything")
    answer = as_owner.get(reverse("activity-export"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    columns = csv.DictReader(io.StringIO(text)).fieldnames or []
    names = {
        "at": "time_utc",
        "actor": "person",
        "actor_role": "role",
        "actor_note": "note",
        "note": "why",
        "id": "event",
    }
    said = {field.name for field in Event._meta.fields}
    assert {names.get(name, name) for name in said} | {"remarks", "undone_by"} == set(columns)


def test_a_snapshot_is_downloaded_in_the_shape_uploads_take(
    as_owner: Client, owner: User, new_source: NewSource
) -> None:
    source = new_source()
    records = [{"epoch": "2020-01-01T00:00:00"}, {"epoch": "2020-01-01T00:01:00"}]
    number = source.identifier
    snapshot = snapshots.take(by=owner, kind="ephemeris", source_identifier=number, records=records)
    event = happened(owner, "deleted", source=source, snapshot=snapshot.pk)
    page = as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()
    address = reverse("snapshot-download", args=[snapshot.pk])
    assert address in page
    assert "2 records as before the write" in page
    lines = b"".join(as_owner.get(address).streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line) for line in lines] == records


def test_a_snapshot_whose_file_is_gone_is_not_found(
    as_owner: Client, owner: User, new_source: NewSource
) -> None:
    number = new_source().identifier
    snapshot = snapshots.take(by=owner, kind="ephemeris", source_identifier=number, records=[])
    snapshot.file.storage.delete(str(snapshot.file.name))
    assert as_owner.get(reverse("snapshot-download", args=[snapshot.pk])).status_code == 404


def test_a_data_source_has_its_own_activity(
    as_user: Client, as_owner: Client, owner: User, new_source: NewSource
) -> None:
    source = new_source()
    happened(owner, "about it", source=source)
    happened(owner, "about another", source=SOURCE)
    page = as_user.get(reverse("source-activity", args=[source.identifier]))
    assert [event.summary for event in page.context["page"]] == ["about it"]
    assert 'aria-current="page">Activity' in page.content.decode()


def test_an_event_can_neither_be_changed_nor_deleted(owner: User) -> None:
    event = happened(owner, "kept for ever")
    for attempt in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        Event.objects.update(summary="changed")


def test_nobody_reads_the_activity_without_signing_in(client: Client, db: None) -> None:
    for name in ("activity-list", "activity-export", "activity-export-ndjson"):
        assert client.get(reverse(name)).status_code == 302
